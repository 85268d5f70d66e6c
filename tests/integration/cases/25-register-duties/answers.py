# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers to REGISTER, and what follows from them."""

from flows import Flows
from scscf import Scscf
from wic import Dialog, address_uri, header_param, response

scene = Flows()
core = Scscf(scene)
ROUTES, ASSOCIATED, ASSERTED = "Service-Route", "P-Associated-URI", "P-Asserted-Identity"


def message(wic, headers=()):
    """A MESSAGE of that WIC as it arrives; it is answered."""
    request = wic.ua.message("sip:bob@ims.test", "hi", headers)
    got = core.asked(wic, request)
    core.answer(got, 202)
    scene.eq(wic.final(request).status, 202, "MESSAGE")
    return got


def reaches(wic, request):
    """A request of the core arrives, and is answered; as it arrived."""
    core.send_sip(request)
    got = wic.expect(request.method)
    wic.reply(got, 200)
    scene.eq(core.final(request).status, 200, f"{request.method} for {request.uri}")
    return got


scene.part("Service-Route: replaced at each 2xx")
alice = scene.connected("alice")
for routes in ([f"<sip:one@{core.addr[0]}:{core.addr[1]};lr>", "<sip:behind.ims.test;lr;x=1>"],
               [f"<sip:two@{core.addr[0]}:{core.addr[1]};lr>"], []):
    done = core.accepts(alice, *[(ROUTES, route) for route in routes])
    scene.eq(done.answer.values(ROUTES), routes, f"{ROUTES} for the WIC")
    scene.eq(message(alice).values("Route"), routes, "Route of the next request")

scene.part("P-Associated-URI: the first is the default, what is not listed is barred")
bob = scene.connected("bob")
for listed, asked, want in (
        (["<tel:+15550001>", "<sip:bob@ims.test>"], None, "<tel:+15550001>"),
        (["<tel:+15550001>", "<sip:bob@ims.test>"], "sip:bob@ims.test", "<sip:bob@ims.test>"),
        (["<sip:shown@ims.test>"], None, "<sip:shown@ims.test>"),
        (["<sip:shown@ims.test>"], "sip:bob@ims.test", "<sip:shown@ims.test>"),
        (["<sip:bob-!.*!@ims.test>", "<sip:shown@ims.test>"], None, "<sip:shown@ims.test>"),
        (["<sip:bob-!.*!@ims.test>", "<sip:shown@ims.test>"], "sip:bob-1@ims.test", "<sip:shown@ims.test>"),
        ([], None, "<sip:bob@ims.test>")):
    done = core.accepts(bob, (ROUTES, core.route), *[(ASSOCIATED, one) for one in listed])
    scene.eq(done.answer.values(ASSOCIATED), listed, f"{ASSOCIATED} for the WIC")
    got = message(bob, [("P-Preferred-Identity", f"<{asked}>")] if asked else [])
    scene.eq(got.values(ASSERTED), [want], f"asserted with {listed}, asked for {asked}")

scene.part("the WIC's own Contact, and what the core grants")
done = core.accepts(bob, (ROUTES, core.route), ("Contact", "<sip:other@192.0.2.1>;expires=3000"), expires=70)
scene.eq(len(done.answer.values("Contact")), 1, "Contacts for the WIC")
scene.eq(address_uri(done.answer.get("Contact")), address_uri(bob.ua.contact), "Contact for the WIC")
scene.eq(header_param(done.answer.get("Contact"), "expires"), "70", "interval for the WIC")
scene.comes(True, lambda: 60 <= scene.bindings("bob")[0]["expires"] <= 70, "interval here")

scene.part("who charges: kept here, and not for the WIC")
for addresses, vector in (("ccf=192.0.2.8;ecf=192.0.2.9", "icid-value=a;orig-ioi=ims.test;term-ioi=home.test"), ("", "")):
    done = core.accepts(bob, (ROUTES, core.route), *([("P-Charging-Function-Addresses", addresses),
                                                      ("P-Charging-Vector", vector)] if addresses else []))
    for name in ("P-Charging-Function-Addresses", "P-Charging-Vector"):
        scene.eq(done.answer.all(name), [], f"{name} for the WIC")
    row = scene.bindings("bob")[0]
    scene.eq((row.get("charging", ""), row.get("term-ioi", "")), (addresses, "home.test" if vector else ""), "what is kept of it")

scene.part("GRUU, both ways")
PUB, TEMP = "sip:bob@ims.test;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "sip:tgruu.7hs==jd7@ims.test;gr"
done = core.accepts(bob, (ROUTES, core.route), params=f';pub-gruu="{PUB}";temp-gruu="{TEMP}"')
scene.ok("gruu" in done.got.get("Supported"), "the core sees that the WIC wants GRUUs", done.got.get("Supported"))
for name, want in (("pub-gruu", PUB), ("temp-gruu", TEMP)):
    scene.ok(f'{name}="{want}"' in done.answer.get("Contact"), f"{name} for the WIC", done.answer.get("Contact"))
for gruu in (PUB, TEMP):
    reaches(bob, core.request("MESSAGE", done.got, headers=[("P-Called-Party-ID", f"<{gruu}>")]))

scene.part("a dialog with a GRUU for Contact")
contact = bob.ua.contact
bob.ua.contact = f"<{PUB}>"
invite = bob.ua.invite("sip:carol@ims.test")
got = core.asked(bob, invite)
scene.eq(got.get("Contact"), f"<{PUB}>", "Contact of the INVITE")
ok = response(got, 200, headers=[("Contact", core.ua.contact)])
core.send_sip(ok)
mine, theirs = Dialog.of_caller(bob.final(invite)), Dialog.of_callee(got, ok)
bob.send_sip(bob.ua.ack(mine))
core.expect("ACK")
at = reaches(bob, core.ua.in_dialog(theirs, "INFO"))
scene.eq(at.uri, PUB, "Request-URI of what reaches the WIC")
reaches(bob, core.ua.in_dialog(theirs, "BYE"))
bob.ua.contact = contact

scene.part("refusals of the core reach the WIC as they are")
carol = scene.connected("carol")
for code, reason, name, value in ((420, "Bad Extension", "Unsupported", "outbound"),
                                  (421, "Extension Required", "Require", "sec-agree"),
                                  (439, "First Hop Lacks Outbound Support", "Supported", "path"),
                                  (494, "Security Agreement Required", "Security-Server", "tls;q=0.1"),
                                  (423, "Interval Too Brief", "Min-Expires", "1200")):
    done = core.answers(carol, code, reason, [(name, value)])
    scene.eq((done.answer.status, done.answer.reason), (code, reason), "answer for the WIC")
    scene.eq(done.answer.all(name), [value], f"{name} of {code}")
    scene.comes(0, lambda: scene.stats()["pending"], "REGISTERs under way")
    scene.eq(scene.bindings("carol"), [], f"bindings after {code}")
done = core.accepts(carol, (ROUTES, core.route), expires=1200)
scene.eq(done.got.get("Expires"), "1200", "Expires of the next one")
scene.ok(int(header_param(done.answer.get("Contact"), "expires")) <= 600, "interval for the WIC", done.answer.get("Contact"))

scene.part("what a WIC demands of proxies: this one does it, or says what it does not know")
for demand, left in (("privacy, Sec-Agree", ["privacy"]), ("sec-agree", []), ("path", ["path"])):
    got = message(bob, [("Proxy-Require", demand), ("Require", "sec-agree")])
    scene.eq(got.all("Proxy-Require"), left, f"Proxy-Require: {demand}, at the core")
    scene.eq(got.all("Require"), [], "Require at the core")
for request in (bob.ua.message("sip:carol@ims.test", "hi", [("Proxy-Require", "foo, path"), ("Proxy-Require", "bar")]),
                bob.ua.register(headers=[("Proxy-Require", "foo, bar")])):
    bob.send_sip(request)
    refused = bob.final(request)
    scene.eq((refused.status, refused.all("Unsupported")), (420, ["foo, bar"]), f"{request.method} that demands the unknown")
scene.eq(len(scene.bindings("bob")), 1, "bindings afterwards")
message(bob)
scene.eq(core.quiet(0.2), True, "the core is told nothing more")
scene.done()
