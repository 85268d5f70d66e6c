# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers to REGISTER. The core is an Mw of this program."""

from scene import Scene
from wic import Mw, response

scene = Scene()
core = Mw(*scene.icscf, peer=scene.mw)


def granted(request, *extra):
    """200 to a REGISTER."""
    return response(request, 200, headers=[("Contact", request.get("Contact") + ";expires=600"), *extra])


def asked(wic, sent=None):
    """That request of the WIC, or its next REGISTER: as it sent it, as the core gets it."""
    sent = sent or wic.ua.register()
    wic.send_sip(sent)
    return sent, core.wait_for(lambda msg: not msg.is_response and msg.call_id == sent.call_id
                               and msg.cseq == sent.cseq)


scene.part("a 2xx that cannot be taken over")
alice = scene.connected("alice")
sent, got = asked(alice)
routes = ", ".join(f"<sip:{'x' * 80}{i}@127.0.0.1;lr>" for i in range(20))
core.send_sip(granted(got, ("Service-Route", routes), ("P-Associated-URI", "<sip:alice@ims.test>")))
answer = alice.final(sent)
scene.eq(answer.status, 500, "the WIC's answer")
for name in ("Service-Route", "P-Associated-URI", "Contact"):
    scene.eq(answer.get(name), None, f"{name} in it")
scene.comes(0, lambda: scene.stats()["bindings"], "bindings")
back = core.wait_for(lambda msg: msg.method == "REGISTER" and msg.call_id != sent.call_id)
scene.eq(back.get("Expires"), "0", "Expires of our own REGISTER")
scene.eq(back.get("Contact").split(";")[0], got.get("Contact").split(";")[0], "Contact of it")
core.answer(back, 200)

scene.part("a 2xx without our Contact")
sent, got = asked(alice)
core.send_sip(response(got, 200, headers=[("Contact", "<sip:somebody@192.0.2.1>;expires=600")]))
scene.eq(alice.final(sent).status, 500, "the WIC's answer")
back = core.wait_for(lambda msg: msg.method == "REGISTER" and msg.call_id != sent.call_id)
scene.eq(back.get("Expires"), "0", "Expires of our own REGISTER")
core.answer(back, 200)
scene.eq(scene.stats()["bindings"], 0, "bindings")

scene.part("the same to a refresh")
sent, got = asked(alice)
core.send_sip(granted(got))
scene.eq(alice.final(sent).status, 200, "the first answer")
sent, got = asked(alice)
core.send_sip(response(got, 200, headers=[("Expires", 600)]))
scene.eq(alice.final(sent).status, 500, "the answer to the refresh")
scene.eq(scene.stats()["bindings"], 1, "bindings")
scene.eq(core.quiet(0.3), True, "the core is told nothing")

scene.part("a 2xx sent twice")
sent, got = asked(alice)
good = granted(got)
core.send_sip(good)
core.send_sip(good)
scene.eq(alice.final(sent).status, 200, "the WIC's answer")
scene.ok(alice.quiet(0.3), "no second one")
scene.eq(scene.stats()["bindings"], 1, "bindings")

scene.part("423")
sent, got = asked(alice)
core.answer(got, 423, "Interval Too Brief", [("Min-Expires", 900)])
scene.eq(alice.final(sent).status, 423, "the WIC's answer")
sent, got = asked(alice)
scene.eq(got.get("Expires"), "900", "Expires of the next one")
core.send_sip(granted(got))
scene.eq(alice.final(sent).status, 200, "the WIC's answer")

scene.part("503: to a REGISTER the core says how long, to anything else it may be whoever is called")
was = scene.counter("core_timeout")
peer = "sip:peer@ims.test"
for sent, after, status, least in ((alice.ua.register(), "120 (maintenance)", 503, 120),
                                   (alice.ua.register(), "3600", 503, 150),
                                   (alice.ua.register(), "9999999999", 503, 150),
                                   (alice.ua.message(peer, "hi"), "3600", 500, 5),
                                   (alice.ua.invite(peer), "3600", 500, 5)):
    _, got = asked(alice, sent)
    core.answer(got, 503, "Service Unavailable", [("Retry-After", after)])
    answer = alice.final(sent)
    scene.eq(answer.status, status, sent.method)
    scene.ok(least <= int(answer.get("Retry-After")) <= least + 5, "Retry-After", answer.get("Retry-After"))
    scene.eq(len(answer.all("Retry-After")), 1, "Retry-After headers")
    if sent.method == "INVITE":
        alice.send_sip(alice.ua.ack_failure(sent, answer))
        core.expect("ACK")
scene.eq(scene.counter("core_unavailable"), 3, "counted")
scene.eq(scene.counter("answered_503"), 2, "and what others may have said apart from it")
scene.eq(scene.counter("core_timeout"), was, "and not as silence")
scene.eq(scene.stats()["bindings"], 1, "bindings: the registration is not touched")

scene.part("another user after a refusal")
wic = scene.connected("bob")
sent, got = asked(wic)
core.answer(got, 403, "Forbidden")
scene.eq(wic.final(sent).status, 403, "the first one")
scene.eq(scene.stats()["pending"], 0, "open transactions")
wic.ua.impu, wic.ua.token = "sip:carol@ims.test", scene.token("carol")
wic.ua.reg_call_id = wic.ua.reg_call_id[::-1]
sent, got = asked(wic)
core.send_sip(granted(got))
scene.eq(wic.final(sent).status, 200, "the second one")
scene.done()
