# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""All scenarios at the same time, and what the core is told of who vouched."""

import hashlib
import os
import socket
import time

from fakecore import kamailio_reads
from mwtap import captured
from scene import Scene
from strict_sip import Head, auth_params

scene = Scene()
FOLDER, PROBE = os.environ["MW_FOLDER"], os.environ["PROBE"]
THIN, BOTH, BANK, ACME = (os.environ[name] for name in ("THIN", "BOTH", "BANK", "ACME"))
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(3)


def md5(text):
    """Hex digest."""
    return hashlib.md5(text.encode()).hexdigest()


def answer_to(challenge):
    """dora's answer (RFC 2617)."""
    asked = {name: value.strip('"') for name, value in auth_params(challenge)[1].items()}
    ha1, ha2 = md5(f"dora@ims.test:{asked['realm']}:dora-test-password"), md5("REGISTER:sip:ims.test")
    response = md5(f"{ha1}:{asked['nonce']}:00000001:c0ffee:auth:{ha2}")
    return (f'Digest username="dora@ims.test", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="sip:ims.test", '
            f'qop=auth, nc=00000001, cnonce="c0ffee", algorithm=MD5, response="{response}", '
            f'authorization-entity="{BOTH}", web-server-entity="shop", integrity-protected="auth-done"')


def by_token(user, origin):
    """Registered with a token of that web site."""
    scene.origin = origin
    return scene.phone(user, origin=origin)


def by_password(origin):
    """dora, registered; a token is at hand, and not used."""
    phone = scene.connected("dora", origin=origin)
    token, phone.ua.token = phone.ua.token, None
    first = phone.ask(phone.ua.register())
    scene.eq(first.status, 401, f"REGISTER without credentials from {origin}")
    answer = phone.ask(phone.ua.register(headers=[("Authorization", answer_to(first.get("WWW-Authenticate")))]))
    scene.eq(answer.status, 200, f"REGISTER with a password from {origin}")
    phone.ua.registered(answer)
    return phone, token


def registers(impu):
    """The REGISTERs of impu on Mw."""
    return [data for data in captured(FOLDER) if data.startswith(b"REGISTER ")
            and Head(data).all("to")[0].strip("<>") == impu]


def said(impu):
    """Parameters of Authorization in the last REGISTER of impu on Mw, which two parsers
    agree about."""
    last = registers(impu)[-1]
    strict = Head(last).all("authorization")
    _, pairs = kamailio_reads(last, PROBE, asking)
    scene.eq([body for name, body in pairs if name.lower() == "authorization"], strict, f"Authorization of {impu}, read twice")
    return auth_params(strict[0])[1] if len(strict) == 1 else {}


def together():
    """Four kinds of users over one listener, two of them of one web site."""
    scene.part("all scenarios")
    alice = by_token("alice", BOTH)
    told = {"authorization-entity": f'"{BOTH}"', "web-server-entity": '"shop"', "integrity-protected": '"auth-done"'}
    got = said("sip:alice@ims.test")
    scene.eq({name: got.get(name) for name in told}, told, "what the core is told of who vouched for alice")
    pool = by_token("pool2", BANK)
    scene.eq(sorted(set(said("sip:pool2@ims.test")) & set(told)), ["integrity-protected"], "the same of a web site that conveys nothing")
    member = by_token("range1-x", ACME)
    scene.eq(sorted(set(said("sip:range1@ims.test")) & set(told)), ["integrity-protected"], "the same of a range")
    scene.origin = BOTH
    dora, token = by_password(BOTH)
    scene.eq(sorted(set(said("sip:dora@ims.test")) & set(told)), [], "what a WIC says of itself")
    other, _ = by_password(THIN)
    for phone in (pool, member, dora, other):
        request = phone.ua.message(alice.impu, "hello", headers=[phone.bearer] if phone.ua.token else [])
        phone.send_sip(request)
        got = alice.expect("MESSAGE")
        alice.reply(got, 200)
        scene.eq(phone.final(request).status, 200, f"MESSAGE of {phone.user}")
    return alice, dora, token, other


def settled():
    """How many requests have come to Mw, once those of WICs that left are among them."""
    seen, still = -1, 0
    for _ in range(100):
        still = still + 1 if seen == len(captured(FOLDER)) else 0
        if still == 8:
            break
        seen = len(captured(FOLDER))
        time.sleep(0.05)
    return seen


def borders(alice, dora, token):
    """What one kind of user may not do."""
    scene.part("what stays apart")
    before = settled()
    answer = dora.ask(dora.ua.register(token=token))
    scene.eq(answer.start, "SIP/2.0 403 Authentication Scheme Changed", "a token where a password was")
    answer = alice.ask(alice.ua.register(token=""))
    scene.eq(answer.start, "SIP/2.0 403 Authentication Scheme Changed", "nothing where a token was")
    with scene.connected("range1-y", origin=ACME) as phone:
        answer = phone.ask(phone.ua.register(token=""))
        scene.eq(answer.start, "SIP/2.0 403 Authentication Scheme Not Allowed", "an IMPU of a range without a token")
    with scene.connected("dora", origin=THIN) as phone:
        answer = phone.ask(phone.ua.register(token=token))
        scene.eq(answer.start, "SIP/2.0 403 Authentication Scheme Not Allowed", "a token for a site without tokens")
    scene.eq(len(captured(FOLDER)), before, "requests on Mw after that")


def another_impi(dora):
    """T4: the connection is dora's."""
    before = settled()
    answer = dora.ask(dora.ua.register(token="", headers=[("Authorization", 'Digest username="alice@ims.test", realm="ims.test"')]))
    scene.eq(answer.status, 403, "REGISTER for another IMPI")
    scene.eq(len(captured(FOLDER)), before, "requests on Mw after that")


def lost(alice, dora):
    """The core is told of alice, in the same words; of dora nobody can tell it."""
    scene.part("lost")
    known = scene.core("registered", "sip:dora@ims.test")
    alice.close()
    scene.comes("", lambda: scene.core("registered", "sip:alice@ims.test"), "contacts of alice in the core")
    got = said("sip:alice@ims.test")
    scene.eq((got.get("authorization-entity"), got.get("web-server-entity")), (f'"{BOTH}"', '"shop"'), "her de-REGISTER conveys the same")
    before = len(registers(dora.impu))
    dora.close()
    scene.comes(1, lambda: scene.counter("dereg_left"), "registrations left to run out")
    scene.eq(len(scene.core("registered", "sip:dora@ims.test").splitlines()), len(known.splitlines()), "contacts of dora in the core")
    scene.eq(len(registers(dora.impu)), before, "REGISTERs on Mw for dora")


def main():
    """In this order."""
    alice, dora, token, other = together()
    borders(alice, dora, token)
    lost(alice, dora)
    another_impi(other)


main()
scene.done()
