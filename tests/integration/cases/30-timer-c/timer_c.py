# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls that ring long: with timer C of 1.5 s, and 6 s for the set-up of a call."""

import time

import dialogs
from scene import Scene
from wic import WicTimeout

scene = Scene()
alice, carol = scene.phone("alice"), scene.core_ua("carol")
LONG = 30    # s, of what comes by itself
AGAIN = 0.4  # s between two 180


def ended(caller, callee, invite, got, cancel):
    """By us: CANCEL where it rings, and 408 where it was called from."""
    scene.eq(cancel.call_id, got.call_id, "call that is cancelled")
    callee.reply(cancel, 200)
    callee.reply(got, 487)
    callee.expect("ACK")
    scene.eq(caller.final(invite, LONG).status, 408, f"INVITE of {caller.user}")


def told_again(callee, got):
    """Another 180, and no CANCEL before it."""
    scene.quiet((callee,), "who rings", AGAIN)
    callee.reply(got, 180)


for caller, callee in ((alice, carol), (carol, alice)):
    scene.part(f"{callee.user} rings longer than timer C and says so: no CANCEL, and an answer")
    invite, got = dialogs.rings(caller, callee)
    for _ in range(5):
        told_again(callee, got)
    dialogs.talk(scene, caller, invite, callee, got)

scene.part("carol says it once: CANCEL when timer C ends, and 408")
invite, got = dialogs.rings(alice, carol)
began = time.monotonic()
cancel = carol.expect("CANCEL", LONG)
scene.ok(time.monotonic() - began > 1, "seconds that it rang", time.monotonic() - began)
ended(alice, carol, invite, got, cancel)

scene.part("carol says so for ever: CANCEL when the time for the set-up ends")
invite, got = dialogs.rings(alice, carol)
began, cancel = time.monotonic(), None
while cancel is None and time.monotonic() - began < LONG:
    try:
        cancel = carol.expect("CANCEL", AGAIN)
    except WicTimeout:
        carol.reply(got, 180)
if scene.ok(cancel is not None, "CANCEL after so many 180"):
    scene.ok(time.monotonic() - began > 3, "seconds that it rang", time.monotonic() - began)
    ended(alice, carol, invite, got, cancel)
scene.done()
