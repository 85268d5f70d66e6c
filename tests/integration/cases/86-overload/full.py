# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A node that has little shared memory left: nobody new, but emergency calls."""

import os

from scene import Scene
from wic import Mw

scene = Scene()
ecscf = Mw(port=int(os.environ["E_CSCF"]))
scene.comes(True, lambda: scene.counter("overload") >= 100, "a level that refuses all new REGISTERs")
before = scene.registers_of("sip:alice@ims.test")
alice = scene.connected("alice")
answer = alice.register()
scene.eq(answer.status, 503, "REGISTER")
scene.ok(int(answer.get("Retry-After") or 0) >= 5, "Retry-After", answer.get("Retry-After"))
scene.eq(scene.registers_of("sip:alice@ims.test"), before, "REGISTERs in the core")
sos = alice.ua.request("INVITE", "urn:service:sos", headers=[("Contact", alice.ua.contact)])
alice.send_sip(sos)
ecscf.answer(ecscf.expect("INVITE"), 486)
scene.eq(alice.final(sos).status, 486, "emergency call")
scene.ok("pinned: no" in scene.rpc("webrtc_ims.load"), "measured, and not pinned", scene.rpc("webrtc_ims.load"))
scene.done()
