# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Media between WICs go from one to the other; those with a phone do not."""

import sdp
from mediascene import MediaScene
from wic import Dialog

scene = MediaScene()
alice, bob = scene.phone("range1-alice"), scene.phone("range1-bob")
carol = scene.core_ua("carol")


def same(msg, text, what):
    """SDP as it was sent."""
    scene.eq(sdp.text_of(msg.body), text, what)


scene.part("WIC to WIC")
offer, answer = sdp.browser("data"), sdp.browser("data", setup="active", port=40007)
a, b, got, final = scene.set_up(alice, bob, offer, answer)
same(got, offer, "the offer")
same(final, answer, "the answer")
scene.sessions_are(0, "end to end")
for party, peer, dialog in ((alice, bob, a), (bob, alice, b)):
    again, back = sdp.browser(way="sendonly", version=3), sdp.browser(way="recvonly", setup="active", version=3)
    got, final = scene.within(party, peer, dialog, "INVITE", again, back)
    same(got, again, f"re-INVITE of {party.user}")
    same(final, back, "its answer")
scene.sessions_are(0, "still")
scene.bye(alice, bob, a)

scene.part("WIC and phone, both ways")
a, c, got, final = scene.set_up(alice, carol, offer, sdp.phone(f"m=application 0 {sdp.DATA} webrtc-datachannel"))
scene.for_core(got, "offer", 2)
scene.for_wic(final, "answer")
scene.sessions_are(1, "of WIC and phone")
scene.bye(alice, carol, a)
c, a, got, final = scene.set_up(carol, alice, sdp.phone(), sdp.browser(setup="active"))
scene.for_wic(got, "offer")
scene.for_core(final, "answer", 1)
scene.bye(carol, alice, c)
scene.sessions_are(0, "after BYE")

scene.part("WIC to WIC without an offer: by way of rtpengine")
request = scene.invite(alice, bob, "")
got = bob.expect("INVITE")
ok = bob.reply(got, 200, sdp.browser())
final = alice.final(request)
scene.for_wic(final, "late offer")
scene.ok(sdp.text_of(final.body) != sdp.browser(), "it is not bob's own")
ack = alice.ua.ack(Dialog.of_caller(final), [("Content-Type", "application/sdp")])
ack.body = sdp.browser(setup="active").encode()
alice.send_sip(ack)
scene.for_wic(bob.expect("ACK"), "answer in ACK")
scene.sessions_are(2, "of a late offer")
scene.bye(bob, alice, Dialog.of_callee(got, ok))
scene.sessions_are(0, "at the end")
scene.done()
