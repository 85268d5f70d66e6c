# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""All scenarios at the same time, and what the core is told of who vouched."""

import os
import socket
import time

from fakecore import kamailio_reads
from mddigest import answer_to
from mwtap import captured
from scene import Scene
from strict_sip import Head, auth_params
from wic import Dialog, Mw

scene = Scene()
FOLDER, PROBE = os.environ["MW_FOLDER"], os.environ["PROBE"]
THIN, BOTH, BANK, ACME = (os.environ[name] for name in ("THIN", "BOTH", "BANK", "ACME"))
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(3)
PSAP = Mw(port=int(os.environ["E_CSCF"]))


def answer_of_dora(challenge):
    """With what only this node may say, and what no WIC is to say."""
    return answer_to(challenge, "dora@ims.test", "dora-test-password", **{
        "authorization-entity": f'"{BOTH}"', "web-server-entity": '"shop"', "integrity-protected": '"auth-done"'})


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
    answer = phone.ask(phone.ua.register(headers=[("Authorization", answer_of_dora(first.get("WWW-Authenticate")))]))
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


RANGES = {"range1-x": "<sip:range1-!.*!@ims.test>"}


def entered():
    """{Call-ID: (asserted identity, range)} of the INVITEs that came to the core."""
    return dict(zip(scene.said("INVITE", "ci"), zip(scene.said("INVITE", "asserted"), scene.said("INVITE", "profile"))))


def calls(alice, callers):
    """All of them ring at once, and so does a call for help of nobody."""
    scene.part("all of them call at the same time, and nobody calls for help")
    nobody = scene.connected("bob", origin=ACME)
    invites = [phone.ua.invite(alice.impu, headers=[phone.bearer] if phone.ua.token else []) for phone in callers]
    sos = nobody.ua.request("INVITE", "urn:service:sos", headers=[("Contact", nobody.ua.contact)])
    for phone, invite in ((nobody, sos), *zip(callers, invites)):
        phone.send_sip(invite)
    ringing = {got.call_id: got for got in (alice.expect("INVITE") for _ in callers)}
    at_psap = PSAP.expect("INVITE")
    scene.eq((at_psap.call_id, at_psap.all("P-Asserted-Identity")), (sos.call_id, []), "the call for help at the E-CSCF")
    for phone, invite in zip(callers, invites):
        scene.eq(ringing[invite.call_id].all("P-Asserted-Identity"), [f"<{phone.impu}>"], f"who calls alice: {phone.user}")
        scene.eq(entered().get(invite.call_id), (f"<{phone.impu}>", RANGES.get(phone.user, "<null>")),
                 f"asserted identity and range of {phone.user} in the core")
    PSAP.answer(at_psap, 486)
    scene.eq(nobody.final(sos).status, 486, "answer of the PSAP")
    for phone, invite in zip(callers, invites):
        alice.reply(ringing[invite.call_id], 200, sdp=b"v=0\r\n")
        final = phone.final(invite)
        scene.eq(final.status, 200, f"INVITE of {phone.user}")
        mine = Dialog.of_caller(final)
        phone.send_sip(phone.ua.ack(mine))
        alice.expect("ACK")
        scene.bye(phone, alice, mine)


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
    calls(alice, (pool, member, dora, other))
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
