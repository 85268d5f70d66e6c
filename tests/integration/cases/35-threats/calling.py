# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""T5, T9, T10, T11: headers of the trust domain, requests of who is not
registered, requests for who is gone, and ways past the route set."""

import os
import time

from farend import EVIL, FarEnd, TRUSTED, plain
from scene import Sink, until
from sites import ACME, SHOP, THIN, Sites
from wic import Dialog, new_id

scene = Sites()
far, sink = scene.far, Sink()
AT = f"127.0.0.1:{sink.port}"
FORGED = """P-Asserted-Identity P-Asserted-Service P-Access-Network-Info P-Charging-Vector P-Charging-Function-Addresses P-Associated-URI
P-User-Database P-Served-User P-Profile-Key P-Called-Party-ID P-Visited-Network-ID P-Private-Network-Indication P-Refused-URI-List
P-Answer-State P-Media-Authorization P-DCS-Trace-Party-ID P-DCS-Billing-Info P-OSPS-Info P_Asserted_Identity P-Asserted_Identity
Service-Route Path Record-Route Security-Client Security-Verify Security-Server Feature-Caps Flow-Timer Relayed-Charge Response-Source
Resource-Share Resource-Priority Restoration-Info Priority-Share Additional-Identity Attestation-Info Origination-Id Cellular-Network-Info
Service-Interact-Info Identity Identity-Info Remote-Party-ID Diversion Proxy-Authorization
3GPP-Whatever Proxy-Authenticate Authentication-Info P-Made-Up Session-ID""".split()
LEFT_TO_THE_WIC = ("History-Info", "Privacy", "Target-Dialog", "Replaces", "Join", "Referred-By", "Reason", "In-Reply-To", "X-Anything")
ACCESS = ['3GPP-E-UTRAN-FDD;utran-cell-id-3gpp="x;network-provided"', '3GPP-E-UTRAN-FDD;utran-cell-id-3gpp="x, IEEE-802.11;network-provided"',
          "IEEE-802.11;NP", "IEEE-802.11;np=1", "IEEE-802.11 ;\r\n network-provided", 'IEEE-802.11;x="\\";np;"', "IEEE-802.11;x=network-provided",
          "IEEE-802.11;network_provided", "network-provided", "np", "IEEE-802.11, ADSL;Network-Provided"]
BACK = ["psap-callback", "PSAP-Callback", "psap-callback;x", '"psap-callback"', "emergency, psap-callback", "(x) psap-callback", "psap-\r\n callback"]
INSIDE = ("BYE", "PRACK", "UPDATE", "INFO", "NOTIFY")


def phone_at(site, user, *options):
    """Registered."""
    phone = scene.at(site, user, *options)
    answer = phone.register()
    scene.eq(answer.status, 200, f"REGISTER of {user}")
    return phone


def dressed(request):
    """The same with everything in it that is for others to say."""
    for name in FORGED:
        request.add(name, f"<sip:boss@{EVIL}>")
    for name in LEFT_TO_THE_WIC:
        request.add(name, "id" if name == "Privacy" else f"<sip:boss@{EVIL}>")
    return request


def call_of(phone):
    """A call that the core has answered; the caller's dialog."""
    far.core.accept = True
    invite = dressed(phone.ua.invite("sip:carol@ims.test"))
    phone.send_sip(invite)
    final = phone.final(invite)
    far.core.accept = False
    far.judge(f"INVITE of {phone.user}, answered", far.left(invite), phone.impu)
    dialog = Dialog.of_caller(final)
    ack = dressed(phone.ua.ack(dialog))
    phone.send_sip(ack)
    judged(f"ACK of {phone.user}", ack, phone, "ACK")
    return dialog


def judged(what, request, phone, method, impu=None, at=far):
    """What came of it, by its method: ACK and CANCEL have the number of their INVITE."""
    key = (request.call_id, request.cseq[0], method)
    raw = until(2, lambda: at.core.got.get(key))
    if scene.ok(raw, f"{what}: leaves"):
        return at.judge(what, raw, phone.impu if impu is None else impu)
    return None


def lines(got, name):
    """What both parsers see of that header, once."""
    return {value for _, values in got.every(name) for value in values} if got else set()


# --- T5
def forged_headers(phones):
    """In everything a WIC may send."""
    scene.part(f"T5: {len(FORGED)} headers that are for others to say")
    scene.ok(sum(bool(TRUSTED.fullmatch(plain(name))) for name in FORGED) > 40, "the counter-check: the judge knows them")
    for site, phone in phones.items():
        if site != ACME:
            scene.leaves(f"REGISTER at {site}", phone, dressed(phone.ua.register()), by_core=site == THIN)
        got = scene.leaves(f"MESSAGE at {site}", phone, dressed(phone.ua.message("sip:carol@ims.test", "hi")))
        for name in LEFT_TO_THE_WIC:
            scene.ok(lines(got, name), f"{name} of the WIC passes at {site}")
        scene.eq(lines(got, "p-profile-key"), {"<sip:range1-!.*!@ims.test>"} if site == ACME else set(), f"P-Profile-Key at {site}")
        dialog = call_of(phone)
        for method in ("INVITE", "UPDATE", "INFO", "BYE"):
            request = dressed(phone.ua.in_dialog(dialog, method, [("Contact", phone.ua.contact)]))
            scene.leaves(f"{method} inside at {site}", phone, request)
        far.core.silent = True
        invite = dressed(phone.ua.invite("sip:carol@ims.test"))
        phone.send_sip(invite)
        judged(f"INVITE at {site}, not answered", invite, phone, "INVITE")
        far.core.silent = False
        cancel = dressed(phone.ua.cancel(invite))
        phone.send_sip(cancel)
        scene.eq(phone.final(cancel).status, 200, f"CANCEL at {site}")
        far.core.answer(487)
        phone.send_sip(dressed(phone.ua.ack_failure(invite, phone.final(invite))))
        for method in ("CANCEL", "ACK"):
            raw = far.core.got.get((invite.call_id, 1, method))
            if raw:
                far.judge(f"{method} at {site}", raw, phone.impu)


def forged_words(alice):
    """Words that only the network says, in headers that a WIC may send."""
    for value in ACCESS:
        got = scene.leaves(f"access {value}", alice, alice.ua.message("sip:carol@ims.test", "hi", [("P-Access-Network-Info", value)]))
        scene.eq(lines(got, "p-access-network-info"), set(), f"access {value}: left out")
    for value in BACK:
        got = scene.leaves(f"Priority {value}", alice, alice.ua.message("sip:carol@ims.test", "hi", [("Priority", value)]))
        scene.eq(lines(got, "priority"), set(), f"Priority {value}: left out")
    got = scene.leaves("harmless", alice, alice.ua.message("sip:carol@ims.test", "hi", [("Priority", "urgent"), ("P-Access-Network-Info", "IEEE-802.11;a=b")]))
    scene.eq((lines(got, "priority"), lines(got, "p-access-network-info")), ({"urgent"}, {"IEEE-802.11;a=b"}), "harmless: passes")


def emergency():
    """Neither registered nor asked for a token: nobody is asserted, nothing forged passes."""
    scene.part("T5: an emergency call of nobody")
    psap, stranger = FarEnd(scene, int(os.environ["ECSCF"])), scene.at(SHOP, "mallory", "")
    for method in ("INVITE", "MESSAGE"):
        request = dressed(stranger.ua.request(method, "urn:service:sos", headers=[("Contact", stranger.ua.contact)], routes=[f"<sip:{AT};lr>"]))
        scene.outcome(stranger, request)
        judged(f"emergency {method}", request, stranger, method, "", psap)
        scene.ok(far.left(request) is None, f"emergency {method}: none for the core")
    for method in ("SUBSCRIBE", "REFER", "OPTIONS", *INSIDE):
        scene.refused(f"{method} urn:service:sos", stranger, stranger.ua.request(method, "urn:service:sos"), (401, 403))
    scene.eq(len(psap.core.got) > 1, True, "the counter-check: emergencies came")


# --- T9
def not_registered(phones):
    """Everything but REGISTER, from a connection that is not, or no more, registered."""
    scene.part("T9: without a registration, or as somebody else")
    alice, methods = phones[SHOP], ("INVITE", "MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH", "OPTIONS", "FOO", *INSIDE)
    dialog, gone = call_of(alice), phone_at(SHOP, "bob")
    scene.eq(gone.register(expires=0).status, 200, "bob leaves")
    for who, what in ((scene.at(SHOP, "bob"), "never registered"), (gone, "de-registered"), (scene.at(THIN, "bob", ""), "of scenario 1"),
                      (scene.at(ACME, "range1-q"), "of the range")):
        for method in methods:
            request = who.ua.request(method, "sip:carol@ims.test", from_=f"<{alice.impu}>;tag={new_id()}", headers=[
                ("Contact", alice.ua.contact), ("P-Preferred-Identity", f"<{alice.impu}>"), ("P-Asserted-Identity", f"<{alice.impu}>")])
            scene.refused(f"{method}, {what}", who, request, (401, 403))
            scene.refused(f"{method} in alice's call, {what}", who, alice.ua.request(
                method, dialog.target, dialog.local, dialog.remote, dialog.call_id, 90 + methods.index(method), routes=dialog.routes), (401, 403, 430, 481))
        ack = who.ua.ack(dialog)
        who.send_sip(ack.set("CSeq", "77 ACK"))
    for name in ("P-Preferred-Identity", "From", "Reply-To", "Contact"):
        request = alice.ua.message("sip:carol@ims.test", "hi").set(name, "<sip:boss@ims.test>" + (";tag=1" if name == "From" else ""))
        scene.leaves(f"{name} of another one", alice, request)
    for method in INSIDE:
        request = alice.ua.request(method, "sip:carol@ims.test", headers=[("RAck", "1 1 INVITE"), ("Event", "reg")], call_id=dialog.call_id, cseq=50)
        scene.refused(f"{method} outside a dialog, its Call-ID known", alice, request, (481,))
    for method in ("invite", "Message", "bYE", "Subscribe", "Ack"):
        scene.refused(method, alice, alice.ua.request(method, "sip:carol@ims.test"), (400, 0))
    ack = alice.ua.request("ACK", "sip:carol@ims.test")
    alice.send_sip(ack)
    scene.refused("CANCEL of nothing", alice, alice.ua.cancel(alice.ua.invite("sip:carol@ims.test")), (481,))
    scene.ok(not [key for key in far.core.got if key[2] == "ACK" and (key[0] == ack.call_id or key[1] == 77)], "ACKs of nothing")
    for name, value in (("Call-ID", "a b"), ("Call-ID", "a, b"), ("CSeq", "+1 MESSAGE"), ("CSeq", "1 MESSAGE x"), ("CSeq", "1 INVITE"),
                        ("From", "sip:boss@ims.test <sip:alice@ims.test>;tag=1"), ("From", "<sip:alice@ims.test>;tag=1;tag=2"),
                        ("From", "<sip:boss@ims.test>, <sip:alice@ims.test>;tag=1"), ("To", "a:b <sip:carol@ims.test>")):
        request = alice.ua.message("sip:carol@ims.test", "hi")
        before = len(far.core.got)
        status = scene.outcome(alice, request, request.set(name, value).to_bytes())
        scene.ok(status in (400, 0, -1) and len(far.core.got) == before, f"{name}: {value}: refused, and nothing leaves", status)
        alice = phones[SHOP] = scene.alive(alice, lambda: phone_at(SHOP, "alice"))


# --- T10
def core_asks(uri, method="MESSAGE", routes=(), **more):
    """A request of the core, and how long its final answer took."""
    via = f"SIP/2.0/UDP {far.core.uri[4:]};branch=z9hG4bK{new_id()}"
    ua = scene.at(SHOP, "x", "").ua
    request = ua.request(method, uri, from_="<sip:carol@ims.test>;tag=7", routes=routes, headers=[("Contact", f"<{far.core.uri}>"),
                         *more.pop("headers", ())], **more).set("Via", via)
    start = time.monotonic()
    far.core.send(request, scene.mw)
    return request, start


def code(request, seconds=5):
    """Of the final answer in the core; 0: none."""
    raw = until(seconds, lambda: far.core.finals.get(request.call_id))
    return int(raw[8:11]) if raw else 0


def gone(phones):
    """A WIC that is not there is answered for, and soon."""
    scene.part("T10: who is gone")
    alice, bob = phones[SHOP], phone_at(SHOP, "bob")
    path, contact = far.core.path, far.core.contact
    own = f"127.0.0.1:{scene.mw[1]}"
    slow = []
    asked = [core_asks(f"sip:{new_id()}@{own}", method, [path]) for method in ("MESSAGE", "INVITE") for _ in range(10)]
    asked += [core_asks(f"sip:range1-{new_id()}@ims.test", method) for method in ("MESSAGE", "INVITE") for _ in range(10)]
    for request, start in asked:
        scene.ok(code(request) in (403, 404, 480), f"{request.method} for nobody", code(request))
        slow.append(time.monotonic() - start)
    scene.ok(max(slow) < 4, "each is answered before long", max(slow))
    bob.rst()
    for method in ("MESSAGE", "INVITE"):
        request, _ = core_asks(contact, method, [path])
        scene.ok(code(request) in (430, 480), f"{method} for a WIC whose connection is lost", code(request))
    scene.quiet((alice,), "requests for who is gone", 0.1)


# --- T11
def elsewhere(phones):
    """Whatever a WIC writes, the way is the core's."""
    scene.part("T11: Route, Via, Request-URI")
    alice = phones[SHOP]
    core_route = f"<{far.core.uri};lr>"
    for what, headers in (("Route", [("Route", f"<sip:{AT};lr>")]), ("Route behind the core's", [("Route", core_route), ("Route", f"<sip:{AT};lr>")]),
                          ("Route in a list", [("Route", f"{core_route}, <sip:{AT}>")]), ("Record-Route", [("Record-Route", f"<sip:{AT};lr>")]),
                          ("Path", [("Path", f"<sip:{AT};lr>")]), ("Max-Forwards", [("Max-Forwards", "255")])):
        request = alice.ua.message("sip:carol@ims.test", "hi")
        for name, _ in headers:
            request.remove(name)
        for name, value in headers:
            request.add(name, value)
        scene.leaves(what, alice, request)
    for uri in (f"sip:x@{AT}", f"sip:x@{AT};transport=tcp", f"sip:x@ims.test;maddr={AT}", f"sip:x@y.invalid;alias=127.0.0.1~{sink.port}~1",
                f"sip:x@{EVIL}?Route=%3Csip:{AT}%3E", f"sip:carol@127.0.0.1:{scene.mw[1]}", f"sip:regevent@127.0.0.1:{scene.mw[1]}"):
        request = alice.ua.message(uri, "hi")
        if scene.outcome(alice, request) not in (400, 403, 404):
            far.judge(uri, far.left(request, 1), alice.impu)
    far.core.mute = True
    for number, via in enumerate((f"SIP/2.0/WSS {AT};branch=z9hG4bK{{}}", f"SIP/2.0/UDP {AT};branch=z9hG4bK{{}}", f"SIP/2.0/TCP {AT};rport={sink.port};branch=z9hG4bK{{}}",
                                  f"SIP/2.0/WSS x;maddr=127.0.0.1;received=127.0.0.1;rport={sink.port};i=1;branch=z9hG4bK{{}}",
                                  f"SIP/2.0/WSS x;branch=z9hG4bK{{}}, SIP/2.0/UDP {AT};branch=z9hG4bKb")):
        far.core.mute = False
        wic = phone_at(SHOP, f"wic{number}")
        far.core.mute = True
        request = wic.ua.message("sip:carol@ims.test", "hi").set("Via", via.format(new_id()))
        wic.send_sip(request)
        scene.ok(far.left(request, 2), f"{via[:40]}: leaves")
        far.judge(via[:40], far.left(request), wic.impu)
        wic.rst()  # its 408 has nowhere to go but to what Via says
    far.core.mute = False
    scene.comes(0, lambda: sum("wic" in row for row in scene.rpc("webrtc_ims.connections").splitlines()), "connections of these WICs", 8)
    until(2.5, sink.hits)
    scene.eq(sink.hits(), [], "packets at the sink")


BAD_ANSWERS = {
    "another Call-ID": lambda m: m.set("Call-ID", new_id()), "another From-tag": lambda m: m.set("From", "<sip:carol@ims.test>;tag=8"),
    "another From": lambda m: m.set("From", "<sip:boss@ims.test>;tag=7"), "another To": lambda m: m.set("To", "<sip:boss@ims.test>;tag=1"),
    "no tag in To": lambda m: m.set("To", m.get("To").partition(";tag")[0]), "another CSeq": lambda m: m.set("CSeq", "7 INVITE"),
    "another method": lambda m: m.set("CSeq", "1 MESSAGE"), "one Via more": lambda m: m.add("Via", f"SIP/2.0/UDP {AT};branch=z9hG4bKq"),
    "one Via less": lambda m: m.set("Via", m.get("Via")), "another Via": lambda m: m.headers.__setitem__(1, ["Via", f"SIP/2.0/UDP {AT};branch=z9hG4bKq"]),
}


def answers(phones):
    """Of a WIC that is called: what its request said, and nothing of the network's."""
    scene.part("T11: answers that say something else")
    for what, spoil in BAD_ANSWERS.items():
        bob = phone_at(SHOP, "bob")
        request, _ = core_asks(far.core.contact, "INVITE", [far.core.path], to=f"<{bob.impu}>", headers=[("P-Called-Party-ID", f"<{bob.impu}>")])
        got = bob.expect("INVITE")
        for status in (180, 200):
            bad = bob.ua.answer(got, status)
            spoil(bad)
            bob.send_sip(bad)
        good = dressed(bob.ua.answer(got, 486))
        good.headers = [[name, value] for name, value in good.headers if name != "Authorization"]
        bob.send_sip(good)
        scene.eq(code(request), 486, f"{what}: the good answer behind it is what the core gets")
        far.judge_answer(what, far.core.finals[request.call_id], request, bob.impu)
        bob.drop()
    scene.eq([key for key in far.core.finals if far.core.finals[key].startswith(b"SIP/2.0 200") and b"INVITE" in far.core.finals[key]], [], "200 that came")
    scene.eq(sink.hits(), [], "packets at the sink")
    scene.quiet((phones[ACME],), "answers of others", 0.1)


everybody = {SHOP: phone_at(SHOP, "alice"), THIN: phone_at(THIN, "carl", ""), ACME: phone_at(ACME, "range1-a")}
forged_headers(everybody)
forged_words(everybody[SHOP])
emergency()
not_registered(everybody)
gone(everybody)
elsewhere(everybody)
answers(everybody)
scene.counter_check("at the end", everybody[SHOP])
scene.finish()
