# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""SDP of calls between WIC and core at the far end, and the sessions that rtpengine has of them."""

import time

import sdp
from mediascene import MediaScene
from wic import Dialog

scene = MediaScene()
alice = scene.phone("alice")
bob = scene.phone("bob")
carol = scene.core_ua("carol")

scene.part("WIC to core: offer and answer, video and a data channel, hold, UPDATE, BYE")
a, c, got, final = scene.set_up(alice, carol, sdp.browser("video", "data"),
                                sdp.phone("m=video 0 RTP/AVP 96", f"m=application 0 {sdp.DATA} webrtc-datachannel"))
lines = scene.for_core(got, "offer", 3)
scene.ok(lines[2].startswith(f"m=application 0 {sdp.DATA}"), "the data channel is refused towards the core", lines)
scene.ok(not lines[1].startswith("m=video 0"), "video is offered", lines)
scene.for_wic(final, "answer")
lines = sdp.media_lines(final.body)
scene.ok(len(lines) == 3 and lines[1].startswith("m=video 0") and lines[2].startswith("m=application 0"),
         "what the core refused stays refused", lines)
scene.sessions_are(1, "in a call")
listed = dict(line.strip().split(": ", 1) for line in scene.rpc("webrtc_ims.media").splitlines() if ": " in line)
scene.eq(listed["call_id"], a.call_id, "Call-ID of the session that is listed")
scene.ok(listed["media"] in scene.relay("names"), "rtpengine has it by that name", listed)
scene.eq(scene.rpc("webrtc_ims.media", listed["media"]), "", "none behind it")
scene.ok("NAME" in scene.rpc_all("webrtc_ims.media", "x"), "what is no name is refused")
for version, (way, back) in enumerate((("sendonly", "recvonly"), ("sendrecv", "sendrecv")), 2):
    got, final = scene.within(alice, carol, a, "INVITE", sdp.browser(way=way, version=version),
                              sdp.phone(way=back, version=version))
    scene.for_core(got, f"re-INVITE {way}")
    scene.eq(sdp.way_of(got.body), way, "the WIC's re-INVITE says so")
    scene.for_wic(final, f"answer to {way}")
    scene.eq(sdp.way_of(final.body), back, "and its answer")
    got, final = scene.within(carol, alice, c, "INVITE", sdp.phone(way=way, version=version + 2),
                              sdp.browser(way=back, setup="active", version=version + 2))
    scene.for_wic(got, f"the core's re-INVITE {way}")
    scene.eq(sdp.way_of(got.body), way, "the core's re-INVITE says so")
    scene.for_core(final, f"the WIC's answer to {way}")
    scene.eq(sdp.way_of(final.body), back, "and its answer")
got, final = scene.within(alice, carol, a, "UPDATE", sdp.browser(version=9), sdp.phone(version=9))
scene.for_core(got, "UPDATE")
scene.for_wic(final, "answer to UPDATE")
scene.sessions_are(1, "still")
scene.bye(alice, carol, a)
scene.sessions_are(0, "after BYE of the WIC")

scene.part("core to WIC with video, BYE of the core")
c, a, got, final = scene.set_up(carol, alice, sdp.phone("m=video 42002 RTP/AVP 96", "a=rtpmap:96 VP8/90000"),
                                sdp.browser("video", setup="active"))
scene.for_wic(got, "offer")
scene.eq([sdp.WEBRTC in line for line in sdp.media_lines(got.body)], [True, True], "audio and video for the WIC")
lines = scene.for_core(final, "answer", 2)
scene.ok(not lines[1].startswith("m=video 0"), "video is accepted", lines)
scene.sessions_are(1, "in a call")
scene.bye(carol, alice, c)
scene.sessions_are(0, "after BYE of the core")

scene.part("late offer, both ways: the answer is in ACK")
for caller, callee, offer, answer in ((alice, carol, sdp.phone(), sdp.browser(setup="active")),
                                      (carol, alice, sdp.browser(), sdp.phone())):
    request = scene.invite(caller, callee, "")
    got = callee.expect("INVITE")
    scene.eq(got.body, b"", "INVITE without SDP")
    ok = callee.reply(got, 200, offer)
    final = caller.final(request)
    (scene.for_wic if caller is alice else scene.for_core)(final, f"offer in the 200 to {caller.user}")
    mine, theirs = Dialog.of_caller(final), Dialog.of_callee(got, ok)
    ack = caller.ua.ack(mine, [("Content-Type", "application/sdp")])
    ack.body = answer.encode()
    caller.send_in_dialog(ack)
    got = callee.expect("ACK")
    (scene.for_core if caller is alice else scene.for_wic)(got, f"answer in the ACK of {caller.user}")
    scene.bye(caller, callee, mine)
scene.sessions_are(0, "after late offers")

scene.part("what is no WebRTC is refused, and the core hears nothing of it")
MIXED = "multipart/mixed;boundary=b"
part_of = "--b\r\nContent-Type: application/sdp\r\n\r\n{}\r\n".format
request = alice.ua.invite(carol.impu, part_of(sdp.browser()) + "--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n")
request.set("Content-Type", MIXED)
alice.call(request)
got = carol.expect("INVITE")
scene.for_core(got, "one part of two", 1)
carol.reply(got, 486)
busy = alice.final(request)
alice.send_sip(alice.ua.ack_failure(request, busy))
carol.expect("ACK")
before = scene.seen("INVITE")
for what, body, kind in (("RTP/AVP", sdp.phone(), "application/sdp"),
                         ("no fingerprint", sdp.browser().replace("fingerprint", "x"), "application/sdp"),
                         ("no type", sdp.browser(), "nonsense"),
                         ("two SDP parts", 2 * part_of(sdp.browser()) + "--b--\r\n", MIXED)):
    request = alice.ua.invite(carol.impu, body)
    request.set("Content-Type", kind)
    scene.status(alice, request, 488, f"INVITE with {what}")
scene.eq(scene.seen("INVITE"), before, "INVITEs that entered the core")
scene.eq(scene.counter("sdp_refused"), 4, "counted")

scene.part("a codec in common")
request = scene.invite(alice, carol, sdp.browser(audio="111"))
got = carol.expect("INVITE")
scene.ok("PCMU/8000" in sdp.text_of(got.body), "PCMU is offered besides opus", got.body)
carol.reply(got, 200, sdp.phone())
final = alice.final(request)
scene.ok("opus" in sdp.text_of(final.body) and "PCMU" not in sdp.text_of(final.body), "the WIC gets opus", final.body)
dialog = Dialog.of_caller(final)
alice.send_sip(alice.ua.ack(dialog))
carol.expect("ACK")
scene.bye(alice, carol, dialog)

scene.part("WIC to WIC: a session on either side")
a, b, got, final = scene.set_up(alice, bob, sdp.browser(), sdp.browser(setup="active"))
scene.for_wic(got, "offer to bob")
scene.for_wic(final, "answer to alice")
scene.sessions_are(2, "between WICs")
scene.bye(bob, alice, b)
scene.sessions_are(0, "after BYE between WICs")

scene.part("486, CANCEL")
request = scene.invite(alice, carol, sdp.browser())
carol.reply(carol.expect("INVITE"), 486)
busy = alice.final(request)
scene.eq(busy.status, 486, "busy")
alice.send_sip(alice.ua.ack_failure(request, busy))
carol.expect("ACK")
request = scene.invite(alice, carol, sdp.browser())
got = carol.expect("INVITE")
carol.reply(got, 180)
alice.wait_for(lambda m: m.status == 180)
alice.send_sip(alice.ua.cancel(request))
carol.reply(carol.expect("CANCEL"), 200)
carol.reply(got, 487)
final = alice.final(request)
scene.eq(final.status, 487, "cancelled")
alice.send_sip(alice.ua.ack_failure(request, final))
carol.expect("ACK")
scene.sessions_are(0, "after 486 and CANCEL")

scene.part("a WIC is lost in a call")
a, c, got, final = scene.set_up(bob, carol, sdp.browser(), sdp.phone())
began = time.monotonic()
bob.drop()
carol.reply(carol.expect("BYE"), 200)
scene.ok(time.monotonic() - began < 5, "BYE within 5 s", time.monotonic() - began)
scene.sessions_are(0, "after it is lost")

scene.part("early media, an offer in PRACK; the core forks")
request = scene.invite(alice, carol, sdp.browser())
got = carol.expect("INVITE")
dialogs, answers = [], []
for number, tag in enumerate(("one", "two"), 1):
    early = carol.ua.answer(got, 183, sdp.phone(port=42000 + 10 * number), [
        ("P-Early-Media", "sendrecv"), ("Require", "100rel"), ("RSeq", "1")])
    early.set("To", early.get("To").partition(";tag=")[0] + f";tag={tag}")
    carol.send_sip(early, got.source)
    seen = alice.wait_for(lambda m, tag=tag: m.status == 183 and m.tag("To") == tag)
    scene.for_wic(seen, f"183 of {tag}")
    scene.eq(seen.all("P-Early-Media"), ["sendrecv"], "P-Early-Media of the 183")
    answers.append(sdp.of_transport(seen.body))
    dialogs.append(Dialog.of_caller(seen))
scene.eq(answers[0], answers[1], "the WIC has one peer, whoever answers")
prack = alice.ua.in_dialog(dialogs[1], "PRACK", [("RAck", f"1 {request.cseq[0]} INVITE"),
                                                 ("Content-Type", "application/sdp")], sdp.browser(version=2))
alice.send_sip(prack)
at_core = carol.expect("PRACK")
scene.for_core(at_core, "offer in PRACK")
carol.reply(at_core, 200, sdp.phone(version=2))
scene.for_wic(alice.final(prack), "answer to PRACK")
scene.sessions_are(1, "one for both branches")
last = carol.ua.answer(got, 200, sdp.phone(port=42020, version=2))
last.set("To", last.get("To").partition(";tag=")[0] + ";tag=two")
carol.send_sip(last, got.source)
final = alice.final(request)
scene.for_wic(final, "200 of the second branch")
dialog = Dialog.of_caller(final)
alice.send_sip(alice.ua.ack(dialog))
carol.expect("ACK")
scene.bye(alice, carol, dialog)

scene.part("more dialogs than the table of calls takes: their SDP goes through the relay all the same")
first, second = scene.phone("wic2"), scene.phone("wic3")
for caller, callee, offer, answer, check in ((carol, first, sdp.phone(), sdp.browser(setup="active"), scene.for_core),
                                             (second, carol, sdp.browser(), sdp.phone(), scene.for_wic)):
    request = scene.invite(caller, callee, offer)
    got = callee.expect("INVITE")
    for number in range(11):
        early = callee.ua.answer(got, 183, answer)
        early.set("To", early.get("To").partition(";tag=")[0] + f";tag=fork{number}")
        if callee is carol:
            carol.send_sip(early, got.source)
        else:
            callee.send_sip(early)
        seen = caller.wait_for(lambda m, tag=f"fork{number}": m.status == 183 and m.tag("To") == tag)
        check(seen, f"183 number {number} of {callee.user}")
    callee.reply(got, 486)
    busy = caller.final(request)
    scene.eq(busy.status, 486, "refused in the end")
    caller.send_hop(caller.ua.ack_failure(request, busy))
    callee.expect("ACK")

scene.part("rtpengine does not answer")
alice = scene.phone("wic1")  # one with no calls of before that count still
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
ringing = scene.invite(alice, carol, sdp.browser())
got = carol.expect("INVITE")
scene.relay("freeze")
carol.reply(got, 200, sdp.phone())
final = alice.final(ringing)
scene.eq((final.status, final.body, final.get("Content-Type")), (200, b"", None),
         "a 200 that nothing could be made of goes without its SDP")
dialog = Dialog.of_caller(final)
alice.send_sip(alice.ua.ack(dialog))
carol.expect("ACK")
scene.bye(alice, carol, dialog)
scene.relay("thaw")
scene.rpc("rtpengine.enable", "all", "1")
scene.relay("freeze")
before = scene.seen("INVITE")
for bound, what in ((6, "the first call waits, not for long"), (1.1, "the next one does not")):
    began = time.monotonic()
    refused = scene.status(alice, alice.ua.invite(carol.impu, sdp.browser()), 503, "INVITE")
    scene.ok(refused and refused.get("Retry-After"), "Retry-After", refused)
    scene.ok(time.monotonic() - began < bound, what, time.monotonic() - began)
request = alice.ua.in_dialog(a, "INVITE", [("Contact", alice.ua.contact), ("Content-Type", "application/sdp")],
                             sdp.browser(way="sendonly", version=2))
scene.status(alice, request, 503, "re-INVITE")
scene.eq(scene.seen("INVITE"), before, "INVITEs that entered the core")
scene.ok(scene.counter("media_unavailable") >= 3, "counted", scene.counter("media_unavailable"))
scene.bye(alice, carol, a)
scene.relay("thaw")
scene.rpc("rtpengine.enable", "all", "1")
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
scene.for_core(got, "after it is back")
scene.relay("freeze")
began = time.monotonic()
scene.bye(alice, carol, a)
# Nobody knows yet that it hangs: whoever asked it would wait for 1.2 s.
scene.ok(time.monotonic() - began < 1.1, "BYE of a running call does not ask it", time.monotonic() - began)
scene.relay("thaw")
scene.rpc("rtpengine.enable", "all", "1")

scene.part("the token is taken back in a call")
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
scene.rpc("webrtc_ims.revoke", "subject", "shop", alice.user)
carol.reply(carol.expect("BYE", 2), 200)
scene.closes(alice, 4401)
scene.comes(0, lambda: scene.counter("media_sessions"), "media_sessions at the end", 8)
scene.quiet((carol,), "at the end")
scene.done()
