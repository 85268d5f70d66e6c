# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Forged answers. The core is an Mw of this program: it answers when told."""

import socket

from scene import Scene, Sink
from wic import Mw, SipMessage, Ua, WicTimeout, new_id, response, tls_context

scene = Scene()
core = Mw(*scene.icscf, peer=scene.mw)
sink = Sink()


def granted(request, *identities):
    """200 to a REGISTER as a core gives it."""
    return response(request, 200, headers=[
        ("Contact", request.get("Contact") + ";expires=600"),
        ("P-Associated-URI", ", ".join(f"<{uri}>" for uri in identities)),
        ("Service-Route", f"<sip:orig@{core.addr[0]}:{core.addr[1]};lr>")])


def at_core(request):
    """That request as it reaches the core; retransmissions of others do not count."""
    return core.wait_for(lambda msg: not msg.is_response and msg.call_id == request.call_id)


def final_or_none(phone, request, seconds=0.7):
    """The final answer that came in time, as its status."""
    try:
        return phone.final(request, seconds).status
    except WicTimeout:
        return None


def phone(user):
    """A WIC whose REGISTER the core answers; with the Path that it has."""
    wic = scene.connected(user)
    request = wic.ua.register()
    wic.send_sip(request)
    asked = at_core(request)
    core.send_sip(granted(asked, wic.impu))
    wic.ua.registered(wic.final(request))
    wic.asked = asked
    return wic


def invite_to(wic, node=core, behind=None):
    """An INVITE of the core for that WIC, as sent and as it reaches it; with a Via
    of one behind the node."""
    host = f"{node.addr[0]}:{node.addr[1]}"
    ua = Ua("sip:dave@ims.test", transport=node.proto.upper(), via_host=host, contact=f"<sip:dave@{host}>")
    invite = ua.invite(wic.impu)
    invite.start = f"INVITE {wic.asked.get('Contact').split('<')[1].split('>')[0]} SIP/2.0"
    invite.push("Route", wic.asked.get("Path"))
    invite.add("Record-Route", f"<sip:{host};lr>")
    if behind:
        invite.add("Via", behind)
    node.send_sip(invite)
    return invite, wic.expect("INVITE")


scene.part("a WIC answers its own REGISTER")
mallory = scene.connected("mallory")
register = mallory.ua.register()
mallory.send_sip(register)
asked = at_core(register)
mallory.send_sip(granted(asked, "sip:mallory@ims.test", "sip:alice@ims.test"))
scene.eq(final_or_none(mallory, register), None, "final answer after the forged one")
scene.eq(scene.stats()["bindings"], 0, "bindings after the forged answer")
core.send_sip(granted(asked, mallory.impu))
scene.eq(final_or_none(mallory, register, 3), 200, "final answer of the core")
scene.eq(scene.stats()["bindings"], 1, "bindings")
scene.ok("alice" not in scene.rpc("webrtc_ims.bindings", "impu", "sip:alice@ims.test"), "alice is nobody's")
mallory.ua.registered(granted(asked, mallory.impu))
mallory.asked = asked

scene.part("others answer an INVITE")
alice = phone("alice")
stranger = scene.connected("stranger")
invite, got = invite_to(alice)
core.wait_for(lambda msg: msg.status == 100)
for name, forger in (("another WIC", mallory), ("one that is not registered", stranger), ("the core", core)):
    forger.send_sip(response(got, 200, headers=[("Contact", f"<sip:x@127.0.0.1:{sink.port}>")]))
    scene.eq(final_or_none(core, invite), None, f"final answer, forged by {name}")
alice.reply(got, 200)
answer = core.final(invite)
scene.eq(answer.status, 200, "answer of the callee")

scene.part("answers to the INVITE of a WIC")
invite = alice.ua.invite("sip:dave@ims.test")
alice.send_sip(invite)
got = at_core(invite)
for forger in (alice, mallory):
    forger.send_sip(response(got, 200, headers=[("Contact", f"<sip:x@127.0.0.1:{sink.port}>")]))
    scene.eq(final_or_none(alice, invite), None, "final answer, forged by a WIC")
core.answer(got, 486)
scene.eq(final_or_none(alice, invite, 3), 486, "answer of the core")

scene.part("answers that nobody waits for")
for via in (f"SIP/2.0/UDP 127.0.0.1:{sink.port};branch=z9hG4bK{new_id()}",
            f"SIP/2.0/TCP 127.0.0.1:{sink.port};branch=z9hG4bK{new_id()}"):
    stray = SipMessage("SIP/2.0 200 OK", [
        ("Via", f"SIP/2.0/UDP 127.0.0.1:{scene.mw[1]};branch=z9hG4bK{new_id()}.0"), ("Via", via),
        ("From", "<sip:a@ims.test>;tag=1"), ("To", "<sip:b@ims.test>;tag=2"),
        ("Call-ID", new_id()), ("CSeq", "1 OPTIONS")])
    for forger in (alice, stranger, core):
        forger.send_sip(stray)
    with socket.create_connection(("127.0.0.1", scene.wss)) as raw, \
            tls_context(scene.ca).wrap_socket(raw, server_hostname="localhost") as plain:
        plain.sendall(stray.to_bytes())
        scene.comes(True, lambda: "from tls" in open(scene.log, encoding="utf-8", errors="replace").read(),
                    "the answer over plain TLS was dropped")
scene.eq(sink.hits(), [], "at the sink")

scene.part("answers of the callee are screened")
for what, spoil in (("two Call-IDs", lambda m: m.add("i", new_id())),
                    ("a control byte", lambda m: m.add("Subject", "a\x0bb"))):
    invite, got = invite_to(alice)
    bad = alice.ua.answer(got, 486)
    spoil(bad)
    alice.send_sip(bad)
    scene.eq(final_or_none(core, invite), None, f"final answer with {what}")
    alice.send_sip(alice.ua.answer(got, 486, None, [("P-Asserted-Identity", "<sip:ceo@ims.test>")]))
    answer = core.final(invite)
    scene.eq(answer.status, 486, "the good one")
    scene.eq(answer.get("P-Asserted-Identity"), None, "P-Asserted-Identity of the WIC")

scene.part("the route set of the callee")
OTHER = f"<sip:127.0.0.1:{sink.port};lr>"
for what, routes in (("another one", [OTHER]), ("one more", [OTHER, None]), ("none", [])):
    invite, got = invite_to(alice)
    given = got.values("Record-Route")
    scene.eq(len(given), 2, "Record-Route at the WIC")
    for status in (180, 200):
        answer = alice.ua.answer(got, status).remove("Record-Route")
        for route in routes:
            answer.add("Record-Route", route or ", ".join(given))
        alice.send_sip(answer)
        seen = core.wait_for(lambda msg: msg.status == status and msg.call_id == invite.call_id)
        scene.eq(seen.values("Record-Route"), given, f"Record-Route of {status} with {what}")

scene.part("the way back behind the core")
BEHIND = f"SIP/2.0/UDP pcscf.ims.test;branch=z9hG4bK{new_id()};received=192.0.2.1;rport=5060"
for what, forged in (("another received", BEHIND.replace("192.0.2.1", "192.0.2.9")),
                     ("another rport", BEHIND.replace("rport=5060", f"rport={sink.port}")),
                     ("one more", f"{BEHIND};received=192.0.2.9")):
    invite, got = invite_to(alice, behind=BEHIND)
    scene.eq(got.values("Via")[-1], BEHIND, "last Via at the WIC")
    bad = alice.ua.answer(got, 486)
    bad.headers = [[n, forged if v == BEHIND else v] for n, v in bad.headers]
    alice.send_sip(bad)
    scene.eq(final_or_none(core, invite), None, f"final answer with {what}")
    alice.send_sip(alice.ua.answer(got, 486))
    answer = core.final(invite)
    scene.eq(answer.status, 486, "the good one")
    scene.eq(answer.values("Via")[-1], BEHIND, "last Via at the core")

scene.part("a request sent twice")
invite = alice.ua.invite("sip:dave@ims.test")
alice.send_sip(invite)
got = at_core(invite)
for forger in (alice, mallory):
    forger.send_sip(invite)
scene.eq(final_or_none(alice, invite), None, "final answer after the copies")
scene.ok(mallory.quiet(0.1), "nothing for the one who copied it")
core.answer(got, 486)
scene.eq(final_or_none(alice, invite, 3), 486, "answer of the core")

scene.part("a request behind an answer, on a stream")
stream = Mw("127.0.0.1", 0, proto="tcp", peer=scene.mw)
hidden = SipMessage("OPTIONS sip:hidden@ims.test SIP/2.0", [("Via", f"SIP/2.0/TCP x;branch=z9hG4bK{new_id()}")])
for what, length, transport in (("Content-Length", 0, "TCP"), ("Via", None, "UDP"), ("both", 0, "UDP")):
    invite, got = invite_to(alice, stream)
    stream.wait_for(lambda msg: msg.status == 100)
    bad = alice.ua.answer(got, 486)
    bad.headers = [[n, v.replace("TCP", transport) if n == "Via" else v] for n, v in bad.headers]
    bad.body = hidden.to_bytes()
    bad.set("Content-Length", len(bad.body) if length is None else length)
    alice.send_sip(bad)
    scene.eq(final_or_none(stream, invite), None, f"final answer with another {what}")
    alice.send_sip(alice.ua.answer(got, 486))
    answer = stream.final(invite)
    scene.eq(answer.status, 486, "the good one")
    stream.send_sip(Ua("sip:dave@ims.test").ack_failure(invite, answer).set("Via", invite.get("Via")))
scene.ok(stream.quiet(0.3), "nothing from inside an answer")
scene.done()
