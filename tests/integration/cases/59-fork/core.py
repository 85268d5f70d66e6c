# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same through the real core, and calls of WICs in a range."""

from dialogs import call
from forking import Fork
from wic import Dialog

scene = Fork()
carol = scene.core_ua("carol")

scene.part("carol calls bob, who has two WICs")
one, two = scene.wic("range1-bob"), scene.wic("range1-bob")
invite = carol.call(carol.ua.invite(one.impu))
at_one, at_two = one.expect("INVITE"), two.expect("INVITE")
for phone, got in ((one, at_one), (two, at_two)):
    scene.eq((got.uri, got.all("Route")), (phone.ua.contact.strip("<>"), []), "Request-URI and Route of a branch")
    phone.reply(got, 180)
two.reply(at_two, 200)
answer = carol.final(invite)
scene.eq(answer.status, 200, "INVITE through the core")
scene.cancelled(one, at_one, "who did not answer, through the core")
side = Dialog.of_caller(answer)
carol.send_in_dialog(carol.ua.ack(side))
two.expect("ACK")
scene.bye(carol, two, side, "BYE through the core")

scene.part("bob calls carol: his own identity, the range as profile key")
message = one.ua.message(carol.impu, "hello", headers=[("P-Profile-Key", "<sip:other-!.*!@ims.test>"),
                                                       ("P-Asserted-Identity", "<sip:carol@ims.test>")])
one.send_sip(message)
carol.reply(carol.expect("MESSAGE"), 200)
scene.eq(one.final(message).status, 200, "MESSAGE of a WIC in a range")
scene.eq((scene.said("MESSAGE", "asserted")[-1:], scene.said("MESSAGE", "profile")[-1:]),
         ([f"<{one.impu}>"], ["<sip:range1-!.*!@ims.test>"]), "identity and profile key in the core")
call(one, carol)

scene.part("who is not there")
message = carol.call(carol.ua.message("sip:range1-nobody@ims.test", "hello"))
scene.eq(carol.final(message).status, 480, "MESSAGE to one who was never there, through the core")
scene.leave(one, two)
message = carol.call(carol.ua.message(one.impu, "hello"))
scene.eq(carol.final(message).status, 480, "MESSAGE to one who has left, through the core")
scene.eq((scene.registers_of(one.impu), scene.registers_of("sip:range1@ims.test")), (0, 1), "REGISTERs of WIC and range")
scene.done()
