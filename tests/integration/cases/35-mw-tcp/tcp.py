# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core that speaks TCP. What it says for charging is the core's business alone."""

import re

from scene import Scene
from wic import Dialog, Mw, Ua

scene = Scene()
core = Mw(port=scene.icscf[1], proto="tcp", peer=scene.mw)
HOP = f"<sip:{core.addr[0]}:{core.addr[1]};transport=tcp;lr>"
core.ua = Ua("sip:bob@ims.test", transport="TCP", via_host=f"{core.addr[0]}:{core.addr[1]}",
             contact=f"<sip:bob@{core.addr[0]}:{core.addr[1]};transport=tcp>")
alice = scene.connected("alice")
LARGE = "v=0\r\n" + "".join(f"a=candidate:{n} 1 UDP 1 192.0.2.1 9 typ host\r\n" for n in range(300))
SDP = ("Content-Type", "application/sdp")
VECTOR = "P-Charging-Vector"


def over_tcp(msg, what):
    """It came so, and says so."""
    scene.ok(msg.all("Via")[0].startswith("SIP/2.0/TCP "), f"Via of {what}", msg.all("Via"))
    return msg


def ask(party, peer, request):
    """A request that is answered; as it came."""
    party.send_sip(request)
    got = peer.expect(request.method)
    if peer is core:
        core.answer(got, 200)
    else:
        peer.reply(got, 200)
    scene.eq(party.final(request).status, 200, request.method)
    return got


def icid(msg):
    """Of the one vector that there must be."""
    vectors = msg.all(VECTOR)
    scene.eq(len(vectors), 1, f"P-Charging-Vectors of {msg.start}")
    return vectors[0].partition(";")[0]


scene.part("REGISTER")
request = alice.ua.register()
alice.send_sip(request)
register = over_tcp(core.expect("REGISTER"), "REGISTER")
core.answer(register, 200, headers=[
    ("Contact", register.get("Contact") + ";expires=600"), ("Service-Route", HOP), ("Path", register.get("Path")),
    ("P-Associated-URI", "<sip:alice@ims.test>"), (VECTOR, register.get(VECTOR) + ";term-ioi=far.test")])
final = alice.final(request)
scene.eq((final.status, final.all(VECTOR)), (200, []), "REGISTER")
alice.ua.registered(final)

scene.part("a call of the WIC, with SDP that no datagram takes")
invite = alice.ua.invite("sip:bob@ims.test", LARGE)
alice.send_sip(invite)
got = over_tcp(core.expect("INVITE"), "INVITE")
scene.eq((got.all("Route"), got.body), ([HOP], LARGE.encode()), "INVITE at the core")
first, vector = icid(got), got.all(VECTOR)
scene.ok(vector[0].endswith(";orig-ioi=ims.test"), "ioi of the INVITE", vector)
ok = core.ua.answer(got, 200, LARGE, [(VECTOR, got.get(VECTOR) + ";term-ioi=far.test")])
core.send_sip(ok, got.source)
final = alice.final(invite)
scene.eq((final.status, final.body, final.all(VECTOR)), (200, LARGE.encode(), []), "200 at the WIC")
mine, theirs = Dialog.of_caller(final), Dialog.of_callee(got, ok)
alice.send_sip(alice.ua.ack(mine))
over_tcp(core.expect("ACK"), "ACK")
scene.eq(ask(alice, core, alice.ua.in_dialog(mine, "INFO")).all(VECTOR), vector, "vector of INFO: the first one's")
got = ask(core, alice, core.ua.in_dialog(theirs, "INFO", [(VECTOR, first + ";orig-ioi=far.test")]))
scene.eq(got.all(VECTOR), [], "the core's vector at the WIC")
ask(core, alice, core.ua.bye(theirs))

scene.part("a call of the core")
to_alice = register.get("Contact").partition("<")[2].partition(">")[0]
invite = core.ua.request("INVITE", to_alice, to="<sip:alice@ims.test>", routes=[register.get("Path")], body=LARGE.encode(),
                         headers=[("Contact", core.ua.contact), SDP, ("Record-Route", HOP),
                                  (VECTOR, "icid-value=of-the-core;orig-ioi=far.test")])
core.send_sip(invite)
got = alice.expect("INVITE")
scene.eq((got.body, got.all(VECTOR)), (LARGE.encode(), []), "INVITE at the WIC")
ok = alice.reply(got, 200, LARGE)
final = core.final(invite)
scene.eq((final.status, final.body), (200, LARGE.encode()), "200 at the core")
scene.eq(icid(final), "icid-value=of-the-core", "icid of the answer")
scene.ok(final.get(VECTOR).endswith(";orig-ioi=far.test;term-ioi=ims.test"), "ioi of the answer", final.all(VECTOR))
theirs, mine = Dialog.of_caller(final), Dialog.of_callee(got, ok)
theirs.routes.remove(HOP)  # the core has taken it
core.send_sip(core.ua.ack(theirs))
alice.expect("ACK")
bye = over_tcp(ask(alice, core, alice.ua.bye(mine)), "BYE")
scene.eq((bye.all("Route"), icid(bye)), ([HOP], "icid-value=of-the-core"), "BYE at the core")

scene.part("how long a connection may be idle")
lifetimes = re.findall(r"type: (\w+).*?lifetime: (\d+)", scene.rpc("core.tcp_list"), re.S)
scene.eq(sorted(set(lifetimes)), [("TCP", "250"), ("WSS", "250")], "lifetimes of Mw and of WICs")

scene.part("de-REGISTER of a WIC that is lost")
alice.drop()
gone = over_tcp(core.expect("REGISTER"), "de-REGISTER")
scene.ok("0" in (gone.get("Expires"), gone.get("Contact").rpartition("expires=")[2]), "Expires", gone.to_bytes())
core.answer(gone, 200)
scene.done()
