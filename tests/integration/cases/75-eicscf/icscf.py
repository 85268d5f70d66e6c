# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""In place of the core's I-CSCF."""

from asking import Asking, Caller

scene = Asking()
caller = Caller(scene.icscf[1], scene.icscf[0])
NOBODY = "sip:range1-nobody@ims.test"

scene.part("REGISTER of a WIC, and calls")
uars = int(scene.core("asked", "UAR"))
bob = scene.at(1).wic("range1-bob")
carol = scene.core_ua("carol")
scene.ok(int(scene.core("asked", "UAR")) > uars, "REGISTERs ask the HSS")
scene.rings(caller, bob, "through the I-CSCF")
_, took = scene.gets(caller, "INVITE", NOBODY, 480, 0, "for nobody")
scene.ok(took < 2, "seconds until 480", took)
scene.gets(caller, "MESSAGE", "sip:alice@ims.test", 480, 1, "for one who is in no range")
scene.gets(caller, "MESSAGE", "sip:nobody@ims.test", 604, 1, "for one whom the HSS does not know")
message = bob.ua.message(carol.impu, "hi")
bob.send_sip(message)
carol.reply(carol.expect("MESSAGE"), 200)
scene.eq(bob.final(message).status, 200, "MESSAGE of a WIC, through the S-CSCF and this I-CSCF")
scene.eq(bob.ask(bob.ua.message(NOBODY, "hi")).status, 480, "MESSAGE of a WIC for nobody")
scene.gets(caller, "BYE", NOBODY, 481, 0, "of no dialog")
bob.register(expires=0)
bob.drop()
scene.done()
