# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""How calls with media end, and what is left of them at rtpengine: nothing."""

import os

import sdp
from mediascene import MediaScene
from scene import until
from wic import Dialog, Mw, Ua

scene = MediaScene()
alice = scene.phone("bob")
carol = scene.core_ua("dora")

scene.part("two branches of the core accept")
request = scene.invite(alice, carol, sdp.browser())
got = carol.expect("INVITE")
dialogs = []
for number, tag in enumerate(("one", "two"), 1):
    answer = carol.ua.answer(got, 200, sdp.phone(port=42000 + 10 * number))
    answer.set("To", answer.get("To").partition(";tag=")[0] + f";tag={tag}")
    carol.send_sip(answer, got.source)
    seen = alice.wait_for(lambda m, tag=tag: m.status == 200 and m.tag("To") == tag)
    scene.for_wic(seen, f"200 of {tag}")
    dialogs.append(Dialog.of_caller(seen))
    alice.send_sip(alice.ua.ack(dialogs[-1]))
    carol.expect("ACK")
scene.sessions_are(1, "for both")
scene.bye(alice, carol, dialogs[0])
got, final = scene.within(alice, carol, dialogs[1], "INVITE", sdp.browser(version=2), sdp.phone(version=2, port=42020))
scene.for_core(got, "re-INVITE to the one that is left")
scene.for_wic(final, "its answer")
scene.sessions_are(1, "for the one that is left")
scene.bye(alice, carol, dialogs[1])
scene.sessions_are(0, "after both")

scene.part("CANCEL of the core, while early media flow; 486 of the WIC; 488 of either")
request = scene.invite(carol, alice, sdp.phone())
got = alice.expect("INVITE")
alice.reply(got, 183, sdp.browser(setup="active"))
carol.wait_for(lambda m: m.status == 183)
scene.sessions_are(1, "while it rings")
carol.send_sip(carol.ua.cancel(request), scene.scscf)
alice.reply(alice.expect("CANCEL"), 200)
alice.reply(got, 487)
final = carol.final(request)
scene.eq(final.status, 487, "cancelled by the core")
carol.send_sip(carol.ua.ack_failure(request, final), scene.scscf)
alice.expect("ACK")
scene.sessions_are(0, "after CANCEL of the core")
for caller, callee, code in ((carol, alice, 486), (carol, alice, 488), (alice, carol, 488)):
    request = scene.invite(caller, callee, sdp.phone() if caller is carol else sdp.browser())
    callee.reply(callee.expect("INVITE"), code)
    final = caller.final(request)
    scene.eq(final.status, code, f"{code} of {callee.user}")
    ack = caller.ua.ack_failure(request, final)
    if caller is carol:
        caller.send_sip(ack, scene.scscf)
    else:
        caller.send_sip(ack)
    callee.expect("ACK")
    scene.sessions_are(0, f"after {code} of {callee.user}")

scene.part("a re-INVITE that is refused leaves the session")
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
request = alice.ua.in_dialog(a, "INVITE", [("Contact", alice.ua.contact), ("Content-Type", "application/sdp")],
                             sdp.browser("video", version=2))
alice.send_sip(request)
carol.reply(carol.expect("INVITE"), 488)
final = alice.final(request)
scene.eq(final.status, 488, "re-INVITE")
alice.send_sip(alice.ua.ack_failure(request, final))
carol.expect("ACK")
scene.sessions_are(1, "after a re-INVITE that is refused")

scene.part("rtpengine is killed in the call, and started again")
scene.relay("kill")
scene.relay("again")
scene.eq(scene.sessions(), 0, "sessions of the new one")
got, final = scene.within(alice, carol, a, "INVITE", sdp.browser(version=3), sdp.phone(version=3))
scene.for_core(got, "the next offer")
scene.for_wic(final, "its answer")
scene.sessions_are(1, "of the same call")
scene.relay("kill")
scene.bye(carol, alice, c)
scene.relay("again")
scene.rpc("rtpengine.enable", "all", "1")
scene.sessions_are(0, "after BYE while it was gone")

scene.part("rtpengine cannot be told of the end at first")
a, c, got, final = scene.set_up(alice, carol, sdp.browser(), sdp.phone())
scene.rpc("rtpengine.enable", "all", "0")
before = scene.count_log("no available proxies")
scene.bye(alice, carol, a)
scene.comes(0, lambda: scene.counter("media_sessions"), "media_sessions", 2)
scene.ok(until(2, lambda: scene.count_log("no available proxies") > before), "it was tried")
scene.eq(scene.sessions(), 1, "sessions at rtpengine, meanwhile")
scene.rpc("rtpengine.enable", "all", "1")
scene.comes(0, scene.sessions, "sessions at rtpengine, told again", 10)

scene.part("an emergency call")
psap = Mw(port=int(os.environ["E_CSCF"]))
at = f"{psap.addr[0]}:{psap.addr[1]}"
psap.user, psap.ua = "psap", Ua("sip:psap@ims.test", transport="UDP", via_host=at, contact=f"<sip:psap@{at}>")
for name, caller in (("a WIC that is registered", alice), ("one that is not", scene.connected("dave"))):
    request = caller.ua.invite("urn:service:sos", sdp.browser())
    caller.send_sip(request)
    got = psap.expect("INVITE")
    scene.for_core(got, f"offer of {name}")
    answer = psap.ua.answer(got, 200, sdp.phone())
    psap.send_sip(answer, got.source)
    final = caller.final(request)
    scene.for_wic(final, f"answer to {name}")
    dialog = Dialog.of_caller(final)
    caller.send_sip(caller.ua.ack(dialog))
    psap.expect("ACK")
    scene.sessions_are(1, f"of the emergency call of {name}")
    request = caller.ua.bye(dialog)
    caller.send_sip(request)
    got = psap.expect("BYE")
    psap.send_sip(psap.ua.answer(got, 200), got.source)
    scene.eq(caller.final(request).status, 200, f"BYE of {name}")
    scene.sessions_are(0, f"after the emergency call of {name}")
scene.quiet((alice, carol, psap), "at the end")
scene.done()
