# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""In front of the core's I-CSCF."""

import os
import time

from asking import Asking, Caller
from scene import Phone
from wic import Mw, Ua

scene = Asking()
shim = scene.named("shim")
caller, strict, elsewhere, kemi = (Caller(int(os.environ[name])) for name in ("SHIM", "STRICT", "ELSEWHERE", "KEMI"))
BOB, NOBODY = "sip:range1-bob@ims.test", "sip:range1-nobody@ims.test"
bob = scene.at(1).wic("range1-bob")
scene.comes(1, lambda: scene.counter("subscribed"), "subscription of the eP-CSCF, which asks the HSS as well")

scene.part("who is there")
scene.rings(caller, bob, "through the shim")
scene.rings(strict, bob, "with his domain in the list")

scene.part("who is not")
answers = [scene.gets(caller, method, NOBODY, 480, 0, "for nobody") for method in
           ("INVITE", "MESSAGE", "OPTIONS", "SUBSCRIBE", "REFER", "PUBLISH", "NOTIFY")]
scene.times("480", [took for _, took in answers], [(100, 0.1)])
scene.gets(caller, "INVITE", "sip:range1-b%6fb2@IMS.test;user=phone", 480, 0, "for nobody, spelt in another way")
scene.gets(strict, "INVITE", NOBODY, 480, 0, "for nobody, with his domain in the list")

scene.part("WICs call each other, by way of the S-CSCF")
ann = scene.at(1).wic("range1-ann")
message = ann.ua.message(BOB, "hi")
ann.send_sip(message)
bob.reply(bob.expect("MESSAGE"), 200)
scene.eq(ann.final(message).status, 200, "MESSAGE for a WIC")
lirs = scene.lirs()
scene.eq(ann.ask(ann.ua.message(NOBODY, "hi")).status, 480, "MESSAGE for nobody")
scene.eq(scene.lirs(), lirs, "questions to the HSS")
ann.drop()

scene.part("IMPUs that are allocated")
amy = Phone(scene.at(1), "amy@block.test").connect()
amy.ua = Ua("sip:amy@block.test")
amy.ua.token = scene.token("amy@block.test", impu=False)
answer = amy.register()
amy.impu = answer.values("P-Associated-URI")[0].strip("<>")
scene.eq((answer.status, amy.impu.startswith("sip:range4-")), (200, True), "REGISTER of a user")
scene.comes(2, lambda: scene.counter("subscribed"), "subscriptions of the eP-CSCF")
scene.rings(caller, amy, "for an IMPU that was allocated")
free = "sip:range4-9@ims.test" if amy.impu != "sip:range4-9@ims.test" else "sip:range4-8@ims.test"
scene.gets(caller, "INVITE", free, 480, 0, "for an IMPU that is free")
scene.gets(caller, "INVITE", "sip:range4-none@ims.test", 480, 0, "for one of the range that is never allocated")

scene.part("whom nobody asks about")
scene.gets(caller, "MESSAGE", "sip:alice@ims.test", 480, 1, "for one who is in no range")
scene.gets(caller, "MESSAGE", "sip:range1@ims.test", 404, 1, "for the pilot of the range")
scene.gets(caller, "MESSAGE", "sip:nobody@other.test", 404, 0, "for another domain")
scene.gets(elsewhere, "MESSAGE", NOBODY, 480, 1, "for nobody, with another domain in the list")
scene.eq(scene.named("elsewhere").counter("registrar_steps"), 0, "steps of a registrar that is not asked")
for uri in ("sip:range1-%00@ims.test", "sip:ims.test", "tel:+4930123", "urn:service:sos"):
    caller.sent("MESSAGE", uri)
scene.eq(shim.counter("target_unregistered"), len(answers) + 4, "requests that were answered 480 here")

scene.part("what passes as it is")
register = caller.ua.request("REGISTER", "sip:ims.test", to="sip:range1-nobody@ims.test")
scene.ok(caller.ask(register).status in (400, 403), "a REGISTER is for the core to judge")
scene.eq(scene.gets(caller, "SUBSCRIBE", NOBODY, 480, 1, "to his registration", [("Event", "reg")])[0].status, 480, "reg")
scene.gets(caller, "SUBSCRIBE", NOBODY, 480, 0, "to his presence", [("Event", "presence")])
own = f"<sip:127.0.0.1:{os.environ['SHIM']};lr"
scene.gets(caller, "INVITE", NOBODY, 480, 0, "with a Route to the shim", [("Route", own + ">")])
steps = shim.counter("registrar_steps")
caller.sent("INVITE", NOBODY, [("Route", own + ";orig>")])
dialog = caller.ua.request("BYE", NOBODY)
dialog.set("To", f"<{NOBODY}>;tag=1")
scene.eq(caller.ask(dialog).status, 481, "BYE of a dialog that does not pass here")
inside = caller.ua.request("MESSAGE", NOBODY)
inside.set("To", f"<{NOBODY}>;tag=1")
caller.ask(inside)
scene.eq(shim.counter("registrar_steps"), steps, "questions about what passes")

scene.part("what the I-CSCF gets")
tap, icscf = Caller(int(os.environ["TAP"])), Mw(port=int(os.environ["TAP_ICSCF"]))
register = tap.ua.request("REGISTER", "sip:ims.test", to=NOBODY, headers=[("Path", "<sip:x@192.0.2.1;lr>"), ("X-Odd", "a, b")])
tap.send_sip(register)
got = icscf.expect("REGISTER")
scene.eq((len(got.all("Via")), got.all("Path"), got.all("X-Odd"), got.all("Route")),
         (2, register.all("Path"), register.all("X-Odd"), []), "REGISTER")
icscf.answer(got, 401, headers=[("WWW-Authenticate", "Digest realm=x")])
scene.eq(tap.final(register).all("WWW-Authenticate"), ["Digest realm=x"], "its answer")
message = tap.ua.request("MESSAGE", NOBODY, headers=[
    ("Route", f"<sip:127.0.0.1:{os.environ['TAP']};lr;orig>, <sip:192.0.2.9;lr>"), ("Route", "<sip:192.0.2.8;lr>")])
tap.send_sip(message)
got = icscf.expect("MESSAGE")
scene.eq(got.values("Route"), [f"<sip:127.0.0.1:{os.environ['TAP_ICSCF']};lr;orig>", "<sip:192.0.2.9;lr>", "<sip:192.0.2.8;lr>"], "Route of an application server's request")
scene.quiet((tap,), "MESSAGE whose receiver is slower than CORE_TIMEOUT_MS", 1.8)
icscf.answer(got, 200)
scene.eq(tap.final(message).status, 200, "its answer")
scene.ok(list(icscf.each("MESSAGE", 0.2)), "the same once more, meanwhile")
stranger = Mw(host="127.0.1.77", peer=tap.peer)
for method in ("REGISTER", "MESSAGE"):
    stranger.send_sip(tap.ua.request(method, NOBODY))
scene.quiet((icscf,), "requests from a network that is not the core's", 0.2)
tap.send_sip(tap.ua.cancel(tap.ua.invite(BOB)))
scene.quiet((icscf,), "CANCEL of nothing", 0.2)
invite = tap.ua.invite(BOB)
for _ in range(3):
    tap.send_sip(invite)
got = icscf.expect("INVITE")
scene.eq((got.all("Record-Route"), got.body, got.uri), ([], invite.body, BOB), "INVITE")
scene.quiet((icscf,), "one INVITE that came three times", 0.2)
scene.eq(scene.named("tap").counter("registrar_steps"), 1, "questions about it")
icscf.answer(got, 180)
tap.wait_for(lambda msg: msg.is_response and msg.status == 180)
tap.send_sip(tap.ua.cancel(invite))
cancel = icscf.expect("CANCEL")
scene.eq(cancel.all("Via"), got.all("Via")[:1], "CANCEL")
icscf.answer(cancel, 200)
icscf.answer(got, 487)
icscf.expect("ACK")
answer = tap.wait_for(lambda msg: msg.is_response and msg.status == 487)
tap.send_sip(tap.ua.ack_failure(invite, answer))

scene.part("a script in JavaScript")
for uri, want in ((BOB, "1 ok"), (NOBODY, "-1 target_unregistered"), ("sip:alice@ims.test", "-3 target_unknown"),
                  ("sip:ims.test", "-3 uri_bad")):
    answer = kemi.sent("OPTIONS", uri)
    scene.eq(answer.get("X-Query"), want, f"registrar_query of {uri}")
    scene.eq(answer.get("X-Other"), "-1 wrong_role", f"a function of an eP-CSCF, {uri}")

scene.part("Redis is frozen")
away = shim.counter("registrar_local")
scene.redis("freeze", "r1")
_, first = scene.gets(caller, "MESSAGE", NOBODY, 480, 1, "for nobody, goes on")
scene.ok(first < 2, "seconds with the time-out", first)
scene.eq(strict.sent("MESSAGE", NOBODY).status, 503, "the answer of the one that refuses")
for _ in range(4):
    caller.sent("MESSAGE", NOBODY)
took = [scene.gets(caller, "MESSAGE", NOBODY, 480, 1, "while the breaker is open")[1] for _ in range(5)]
scene.ok(sorted(took)[2] < 0.19, "seconds while the breaker is open", took)
scene.rings(caller, bob, "while Redis is frozen")
scene.ok(shim.counter("registrar_local") > away, "it is counted")
refused = strict.sent("MESSAGE", NOBODY)
scene.eq((refused.status, bool(refused.get("Retry-After"))), (503, True), "the answer of the one that refuses")
scene.gets(strict, "MESSAGE", "sip:alice@ims.test", 480, 1, "for one who is in no range, of the one that refuses")

scene.part("Redis is back")
scene.redis("thaw", "r1")
back = time.monotonic()
scene.comes(0, lambda: scene.asks(caller, "MESSAGE", NOBODY), "questions to the HSS about nobody", 10)
scene.ok(time.monotonic() - back < 10, "seconds until the registrar is asked again", time.monotonic() - back)
scene.rings(caller, bob, "when Redis is back")
for command in (("wwsf",), ("range_match", BOB), ("registrar_list", "sip:range1-!.*!@ims.test"), ("registrar_find", amy.impu)):
    scene.eq("error" in shim.rpc_all(f"webrtc_ims.{command[0]}", *command[1:]), False, command)
scene.leave(bob, amy)
scene.comes(0, lambda: scene.asks(caller, "INVITE", BOB), "questions to the HSS about one who has left")

scene.part("an operator looks")
scene.ok("step: query" in shim.rpc("webrtc_ims.registrar"), "the RPC tells of the steps")
scene.ok("outcome: ok" in shim.rpc("webrtc_ims.blocks"), "blocks, by a user that only reads")
scene.eq(shim.rpc_all("webrtc_ims.bindings", "impu", BOB).count("not found"), 1, "no RPC of an eP-CSCF")
scene.ok("generation: 2" in shim.rpc("webrtc_ims.reload"), "the provisioning is read again")
scene.eq("webrtc_ims:bindings" in shim.rpc("stats.get_statistics", "webrtc_ims:"), False, "gauges of an eP-CSCF")
scene.done()
