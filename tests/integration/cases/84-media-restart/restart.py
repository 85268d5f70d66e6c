# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two calls over a restart of the eP-CSCF."""

import os
import pathlib

import sdp
from mediascene import MediaScene
from scene import until

SECONDS = 40

scene = MediaScene()
caller = os.environ["CALLER"]
alice, carol = scene.phone(caller), scene.core_ua("carol" if caller == "alice" else "dora")
scene.set_up(alice, carol, sdp.browser(), sdp.phone())
c = scene.set_up(carol, alice, sdp.phone(), sdp.browser(setup="active"))[0]
scene.sessions_are(2, "before")
pathlib.Path(scene.run, "calls").touch()
scene.ok(until(SECONDS, pathlib.Path(scene.run, "again").exists), "it is there again")
scene.comes(0, scene.sessions, "sessions of the start before", 10)
bye = carol.ua.bye(c)
carol.send_in_dialog(bye)
scene.eq(carol.final(bye).status, 430, "BYE of a call that is forgotten")
alice = scene.phone(caller)
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
scene.for_core(got, "a new call")
scene.sessions_are(1, "of the new call")
scene.ok(until(5, lambda: b"wims-" in pathlib.Path(scene.run, "state/media.state").read_bytes()),
         "its name is kept")
scene.eq(scene.sessions(), 1, "it is not ended")
scene.bye(alice, carol, a)
scene.sessions_are(0, "at the end")
scene.done()
