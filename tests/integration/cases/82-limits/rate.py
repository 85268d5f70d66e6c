# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many requests a WIC may send: over it, far over it, and beside it."""

import os
import time

from scene import Phone, Scene
from wic import Dialog, Mw

BURST = 20

scene = Scene()
psap = Mw(port=int(os.environ["E_CSCF"]))


def messages(phone, n):
    """n MESSAGEs at once to somebody who is not there, and their final answers."""
    asked = [phone.ua.message("sip:nobody@ims.test", "hi") for _ in range(n)]
    for request in asked:
        phone.send_sip(request)
    return [phone.final(request) for request in asked]


def refusals(answers):
    """Those of the eP-CSCF because there were too many."""
    return [answer for answer in answers if answer.status == 503]


def sos(phone):
    """An emergency call reaches the E-CSCF, which refuses it."""
    invite = phone.ua.request("INVITE", "urn:service:sos", headers=[("Contact", phone.ua.contact)])
    phone.send_sip(invite)
    psap.answer(psap.expect("INVITE"), 486)
    answer = phone.final(invite)
    scene.eq(answer.status, 486, "emergency call")
    phone.send_sip(phone.ua.ack_failure(invite, answer))
    psap.expect("ACK")


scene.part("over the rate")
alice, bob = scene.phone("alice"), scene.phone("bob")
before = scene.seen("MESSAGE")
answers = messages(alice, BURST + 15)
refused = refusals(answers)
scene.ok(0 < len(refused) <= 16, "some are refused", [answer.status for answer in answers])
scene.ok(all(answer.get("Retry-After") for answer in refused), "each with Retry-After", refused)
scene.eq(scene.seen("MESSAGE") - before, len(answers) - len(refused), "MESSAGEs in the core: those served")
scene.eq(scene.counter("rate_exceeded"), len(refused), "rate_exceeded")
scene.eq(refusals(messages(bob, 5)), [], "refusals of another WIC")
sos(alice)
for _ in range(20):
    time.sleep(1)  # as Retry-After has it, or nearly so
    if not (refused := refusals(messages(alice, 1))):
        break
scene.eq(refused, [], "refusals of what comes more slowly")

scene.part("far over the rate")
seen, took, flood = scene.seen("REGISTER"), [], []
anybody = scene.connected("alice")
request = anybody.ua.register()
request.remove("Authorization")
for _ in range(8):
    flood.append(Phone(scene, "alice").connect())
    for _ in range(200):
        flood[-1].send_sip(request)
    began = time.monotonic()
    scene.eq(refusals(messages(bob, 1)), [], "refusals of another WIC")
    took.append(time.monotonic() - began)
for phone in flood:
    scene.closes(phone, 4503, 10)
took.sort()
print(f"   MESSAGE beside the flood: median {1000 * took[4]:.1f} ms, worst {1000 * took[-1]:.1f} ms")
scene.eq(scene.counter("rate_flooded"), len(flood), "rate_flooded")
scene.eq(scene.seen("REGISTER"), seen, "REGISTERs of the flood in the core")
scene.eq(scene.count_log("refused: rate_exceeded"), 0, "log lines of the flood")
scene.eq(anybody.register().status, 200, "whoever comes back")

scene.part("answers that nobody asked for")
phone = Phone(scene, "alice").connect()
answer = phone.ua.answer(phone.ua.message("sip:bob@ims.test", "hi"))
try:
    for _ in range(12 * BURST):
        phone.send_sip(answer)
except OSError:
    pass
scene.closes(phone, 4503, 10)
scene.eq(refusals(messages(bob, 1)), [], "refusals of another WIC")

scene.part("changed while it runs")
told = scene.rpc_all("webrtc_ims.limits", "request_rate", "20/s")
scene.ok("400" in told, "no number is no limit", told)
scene.rpc("webrtc_ims.limits", "request_rate", "0")
scene.eq(refusals(messages(anybody, 3 * BURST)), [], "refusals without a limit")
scene.rpc("webrtc_ims.limits", "request_rate", "1")
scene.ok(refusals(messages(anybody, 2 * BURST - 5)), "refused once more")
scene.quiet((psap,), "more emergency calls", 0.1)

scene.part("inside an emergency call that rings: much room, and an end to it")
lone = scene.connected("bob")
invite = lone.ua.request("INVITE", "urn:service:sos", headers=[("Contact", lone.ua.contact)])
lone.send_sip(invite)
psap.answer(psap.expect("INVITE"), 180, headers=[("Contact", f"<sip:psap@127.0.0.1:{psap.addr[1]}>")])
dialog = Dialog.of_caller(lone.wait_for(lambda m: m.status == 180))
before, flood = scene.counter("rate_exceeded"), [lone.ua.in_dialog(dialog, "INFO") for _ in range(800)]
for info in flood:
    lone.send_sip(info)
scene.comes(True, lambda: scene.counter("rate_exceeded") > before, "INFOs refused")
seen = set()
for got in psap.each("INFO", 2):
    seen.add(got.cseq)
    psap.answer(got, 200)
refused = scene.counter("rate_exceeded") - before
scene.ok(BURST + 100 < len(seen) < len(flood), "INFOs at the E-CSCF", len(seen))
scene.eq(len(seen) + refused, len(flood), "those, and those refused")
scene.eq(scene.stats()["closing"], 0, "its WebSocket is not closed")
scene.done()
