# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Offers and answers in every place that they may have, at the far end."""

import sdp
from mediascene import MediaScene
from wic import Dialog

SDP = ("Content-Type", "application/sdp")
RELIABLE = [("Require", "100rel"), ("RSeq", "1")]

scene = MediaScene()
alice = scene.phone("alice")
carol = scene.core_ua("carol")
sides = {alice: (sdp.browser, scene.for_wic, {"setup": "active"}), carol: (sdp.phone, scene.for_core, {})}


def offer_of(party, **odd):
    """SDP as this one offers it."""
    return sides[party][0](**odd)


def answer_of(party, **odd):
    """SDP as this one answers."""
    return sides[party][0](**sides[party][2], **odd)


def fits(party, msg, what):
    """SDP as this one may get it."""
    sides[party][1](msg, what)


def answers(party, msg, what):
    """SDP as this one may get it as an answer: who asks chooses no more (RFC 5763 5)."""
    fits(party, msg, what)
    scene.ok("a=setup:actpass" not in sdp.text_of(msg.body), f"{what} is no offer")


scene.part("re-INVITE without SDP, of either side")
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
for version, (party, peer, dialog) in enumerate(((alice, carol, a), (carol, alice, c)), 2):
    request = party.ua.in_dialog(dialog, "INVITE", [("Contact", party.ua.contact)])
    party.send_in_dialog(request)
    got = peer.expect("INVITE")
    scene.eq(got.body, b"", f"re-INVITE of {party.user}")
    peer.reply(got, 200, offer_of(peer, version=version))
    final = party.final(request)
    fits(party, final, f"offer in the 200 to {party.user}")
    ack = party.ua.ack(dialog, [SDP])
    ack.body = answer_of(party, version=version).encode()
    party.send_in_dialog(ack)
    answers(peer, peer.expect("ACK"), f"answer in the ACK of {party.user}")
scene.sessions_are(1, "still")

scene.part("hold with inactive, of either side; with the address 0.0.0.0, of the phone; UPDATE of the core")
for version, (party, peer, dialog) in enumerate(((alice, carol, a), (carol, alice, c)), 4):
    for way in ("inactive", "sendrecv"):
        got, final = scene.within(party, peer, dialog, "INVITE", offer_of(party, way=way, version=version),
                                  answer_of(peer, way=way, version=version))
        fits(peer, got, f"{way} of {party.user}")
        fits(party, final, f"answer to {way} of {party.user}")
        scene.eq((sdp.way_of(got.body), sdp.way_of(final.body)), (way, way), f"{party.user} holds")
got, final = scene.within(carol, alice, c, "INVITE", sdp.phone(address="0.0.0.0", version=8),
                          sdp.browser(setup="active", way="recvonly", version=8))
scene.for_wic(got, "hold by address")
scene.ok("0.0.0.0" not in sdp.text_of(got.body) or sdp.way_of(got.body) != "sendrecv", "a hold for the WIC", got.body)
scene.for_core(final, "its answer")
for way in ("sendonly", "sendrecv"):
    got, final = scene.within(carol, alice, c, "UPDATE", sdp.phone(way=way, version=9),
                              sdp.browser(setup="active", version=9))
    scene.for_wic(got, f"UPDATE of the core, {way}")
    scene.eq(sdp.way_of(got.body), way, "UPDATE of the core")
    scene.for_core(final, "its answer")
scene.sessions_are(1, "still")
scene.bye(carol, alice, c)

scene.part("the WIC's 183 with PRACK, P-Early-Media and UPDATE before the 200")
request = scene.invite(carol, alice, sdp.phone())
got = alice.expect("INVITE")
early = alice.reply(got, 183, sdp.browser(setup="active"), [*RELIABLE, ("P-Early-Media", "sendonly")])
seen = carol.wait_for(lambda m: m.status == 183)
scene.for_core(seen, "183 of the WIC")
scene.eq(seen.all("P-Early-Media"), ["sendonly"], "P-Early-Media of the WIC")
c = Dialog.of_caller(seen)
prack = carol.ua.in_dialog(c, "PRACK", [("RAck", f"1 {request.cseq[0]} INVITE")])
carol.send_in_dialog(prack)
alice.reply(alice.expect("PRACK"), 200)
scene.eq(carol.final(prack).status, 200, "PRACK")
update, answer = scene.within(carol, alice, c, "UPDATE", sdp.phone(version=2), sdp.browser(setup="active", version=2))
scene.for_wic(update, "UPDATE of an early dialog")
scene.for_core(answer, "its answer")
scene.sessions_are(1, "of early media")
alice.reply(got, 200, "")
scene.eq(carol.final(request).status, 200, "INVITE")
carol.send_in_dialog(carol.ua.ack(c))
alice.expect("ACK")
scene.bye(carol, alice, c)

scene.part("a late offer in a reliable 183, its answer in PRACK, both ways")
for caller, callee in ((alice, carol), (carol, alice)):
    request = scene.invite(caller, callee, "")
    got = callee.expect("INVITE")
    callee.reply(got, 183, offer_of(callee), RELIABLE)
    seen = caller.wait_for(lambda m: m.status == 183)
    fits(caller, seen, f"offer in the 183 to {caller.user}")
    mine = Dialog.of_caller(seen)
    prack = caller.ua.in_dialog(mine, "PRACK", [("RAck", f"1 {request.cseq[0]} INVITE"), SDP], answer_of(caller))
    caller.send_in_dialog(prack)
    at_callee = callee.expect("PRACK")
    answers(callee, at_callee, f"answer in the PRACK of {caller.user}")
    callee.reply(at_callee, 200)
    scene.eq(caller.final(prack).status, 200, "PRACK")
    callee.reply(got, 200, "")
    scene.eq(caller.final(request).status, 200, "INVITE")
    caller.send_in_dialog(caller.ua.ack(mine))
    callee.expect("ACK")
    scene.bye(caller, callee, mine)
scene.sessions_are(0, "after early media")

scene.part("media that are refused keep their place, with port 0")
c, a, got, final = scene.set_up(carol, alice, sdp.phone(
    "m=video 42002 RTP/AVP 96", "a=rtpmap:96 H264/90000", "m=message 42004 TCP/MSRP *", "m=image 42006 udptl t38"),
    sdp.browser(setup="active") + "".join(f"m={refused}\r\nc=IN IP4 0.0.0.0\r\n" for refused in (
        f"video 0 {sdp.WEBRTC} 96", "message 0 TCP/MSRP *", "image 0 udptl t38")))
lines = sdp.media_lines(got.body)
scene.eq([line.split()[0] for line in lines], ["m=audio", "m=video", "m=message", "m=image"], "the offer's media")
lines = scene.for_core(final, "answer", 4)
scene.eq([line.split()[0] + (" 0" if line.split()[1] == "0" else "") for line in lines],
         ["m=audio", "m=video 0", "m=message 0", "m=image 0"], "the answer's media")
scene.bye(carol, alice, c)

scene.part("a phone that offers rtcp-mux itself gets it (RFC 5761 5.1.1)")
c, a, got, final = scene.set_up(carol, alice, sdp.phone("a=rtcp-mux"), sdp.browser(setup="active"))
scene.for_wic(got, "offer with rtcp-mux")
scene.eq(sdp.webrtc_in(final.body), ["a=rtcp-mux"], "what its answer has of WebRTC")
scene.bye(carol, alice, c)

scene.part("telephone-event, both ways")
c, a, got, final = scene.set_up(carol, alice, sdp.phone("a=fmtp:101 0-15", audio="0 101"),
                                sdp.browser(setup="active", audio="0 101"))
scene.ok("telephone-event" in sdp.codecs_of(got.body), "offered to the WIC", got.body)
scene.ok("telephone-event" in sdp.codecs_of(final.body), "accepted towards the core", final.body)
scene.bye(carol, alice, c)
a, c, got, final = scene.set_up(alice, carol, sdp.browser(audio="111 0 126"), sdp.phone("a=fmtp:126 0-15", audio="0 126"))
scene.ok("telephone-event" in sdp.codecs_of(got.body), "offered to the core", got.body)
scene.ok("telephone-event" in sdp.codecs_of(final.body), "accepted towards the WIC", final.body)
scene.bye(alice, carol, a)

scene.part("a codec in common, when the phone calls")
c, a, got, final = scene.set_up(carol, alice, sdp.phone(audio="8"), sdp.browser(setup="active", audio="0"))
scene.ok({"PCMA", "PCMU"} <= sdp.codecs_of(got.body), "PCMU is offered besides what the phone has", got.body)
scene.eq(sdp.codecs_of(final.body), {"PCMA"}, "the phone gets what it has")
scene.bye(carol, alice, c)
scene.sessions_are(0, "at the end")
scene.part("an ACK whose SDP cannot go on goes without it")


def bare_ack(party, peer, answer, what, relay):
    """A call without an offer in its INVITE; relay: is rtpengine there when ACK comes?"""
    request = scene.invite(party, peer, "")
    got = peer.expect("INVITE")
    peer.reply(got, 200, offer_of(peer))
    dialog = Dialog.of_caller(party.final(request))
    ack = party.ua.ack(dialog, [SDP])
    ack.body = answer.encode()
    scene.rpc("rtpengine.enable", "all", str(int(relay)))
    party.send_in_dialog(ack)
    got = peer.expect("ACK")
    scene.eq((got.body, got.get("Content-Type")), (b"", None), f"ACK of {party.user}, {what}")
    scene.rpc("rtpengine.enable", "all", "1")
    scene.bye(party, peer, dialog)


for one, other in ((alice, carol), (carol, alice)):
    bare_ack(one, other, answer_of(one), "rtpengine is away", False)
bare_ack(alice, carol, sdp.phone(), "which is no WebRTC", True)
scene.sessions_are(0, "after ACKs without SDP")
scene.quiet((alice, carol), "at the end")
scene.done()
