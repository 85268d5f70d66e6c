# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A WIC that is lost before the core has said a word: RFC 3261 9.1 has the CANCEL wait for
the first answer, and RFC 3326 has it say why."""

from fakecore import FakeCore
from ringing import LOST
from scene import Scene

scene = Scene()
core = FakeCore(scene.icscf[1])
wic = scene.phone("wic1")
core.silent = True
invite = wic.ua.invite("sip:bob@ims.test")
wic.send_sip(invite)
scene.comes(True, lambda: core.waiting is not None, "INVITE at the core", 8)
wic.rst()
scene.comes(0, lambda: scene.stats()["connections"], "connections", 8)
scene.comes(1, lambda: scene.counter("early_lost"), "calls that were given up", 8)
scene.eq(core.came("CANCEL"), None, "no CANCEL before an answer")
core.answer(180)
scene.comes(True, lambda: core.came("CANCEL") is not None, "CANCEL", 8)
cancel = core.came("CANCEL")
scene.eq((cancel.call_id, cancel.all("Reason")), (invite.call_id, [LOST]), "CANCEL of that INVITE, and why")
core.answer(487)
scene.comes(True, lambda: core.came("ACK") is not None, "ACK", 8)
scene.eq(core.came("BYE"), None, "no BYE")
scene.done()
