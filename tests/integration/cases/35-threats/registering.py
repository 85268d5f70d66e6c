# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""T4, T6, T7, T8, T15: registrations of others, credentials of the network's,
Contacts elsewhere, another scenario than the site's."""

import os

from farend import EVIL
from sites import ACME, BANK, BOTH, SHOP, THIN, Sites
from wic import Ua

scene = Sites()
far = scene.far
DONE = 'Digest username="{0}", realm="ims.test", uri="sip:ims.test", nonce="", response="", integrity-protected="auth-done"'
ANSWER = 'Digest username="{0}", realm="ims.test", nonce="{1}", uri="sip:ims.test", response="00112233445566778899aabbccddeeff"{2}'


def fresh():
    """alice, registered."""
    phone = scene.at(SHOP, "alice")
    scene.eq(phone.register().status, 200, "REGISTER of alice")
    return phone


def kinds():
    """A WIC of each kind, registered, what is in the core known to be its own."""
    scene.part("all scenarios on one listener")
    phones = {}
    for site, user, more in ((SHOP, "alice", {}), (THIN, "carl", {"by_core": True}), (BOTH, "dora", {}),
                             (BANK, "pool1", {})):
        phone = scene.at(site, user, *([""] if site == THIN else []))
        scene.leaves(f"REGISTER of {user}", phone, phone.ua.register(), **more)
        phones[site] = phone
    member = scene.at(ACME, "range1-a")
    scene.eq(member.register().status, 200, "REGISTER in the range")
    ranges = [raw for key, raw in far.core.got.items() if key[2] == "REGISTER" and b"range1@" in raw]
    scene.eq(len(ranges), 1, "REGISTERs of the range")
    got = far.judge("REGISTER of the range", ranges[0], "sip:range1@ims.test")
    scene.ok(got and b"range1-a" not in got.raw, "the core knows of no member", ranges)
    phones[ACME] = member
    return phones


# --- T4
SPELLED = ["<sip:%61lice@ims.test>", '"<sip:boss@ims.test>" <sip:alice@ims.test>', "<sip:alice@ims.test;user=phone>", "<SIP:alice@IMS.TEST>",
           '<sip:alice@ims.test>;x="<sip:boss@ims.test>"', "sip:alice@ims.test", "J\u00f6rg <sip:alice@ims.test>",
           '"a\\" <sip:boss@ims.test>" <sip:alice@ims.test>', "<sip:alice@ims.test:5060>"]
OTHERS = ["<sip:bob@ims.test>", "<sip:alice%40x@ims.test>", "<sip:alice@evil.example>", "<sip:alice;x=y@ims.test>", "<sip:ALICE@ims.test>",
          "<sip:alice@evil.example@ims.test>", "<sip:alice:pw@ims.test>", "<sip:alice@ims.test?To=sip:bob@ims.test>", "<tel:+1555>", "<sips:alice@ims.test>",
          "sip:boss@ims.test <sip:alice@ims.test>", "a:b <sip:alice@ims.test>", "<sip:boss@ims.test>, <sip:alice@ims.test>",
          "<sip:alice@ims.test>, <sip:boss@ims.test>", "<sip:alice@ims.test><sip:boss@ims.test>", "<sip:alice@ims.test>;tag=1;tag=2",
          "< sip:alice@ims.test >", "<sip:alice@ims.test\t>", "<<sip:alice@ims.test>>", '"a" "b" <sip:alice@ims.test>', "alice sip:boss@ims.test", "", "*"]


def identities(phone):
    """The matrix of To, From and username, each right, another, absent and spelled otherwise."""
    scene.part("T4: To, From, username")
    for field in ("To", "From"):
        for value, good in [(v, True) for v in SPELLED] + [(v, False) for v in OTHERS]:
            phone = scene.alive(phone, fresh)
            request = phone.ua.register()
            request.set(field, value if field == "To" or ";tag" in value else f"{value};tag=t1")
            what = f"{field}: {value}"
            if good:
                scene.leaves(what, phone, request)
            else:
                scene.refused(what, phone, request, (400, 403, 0, -1))
        phone = scene.alive(phone, fresh)
        scene.refused(f"no {field}", phone, phone.ua.register().remove(field), (400, 0, -1))
    phone = scene.alive(phone, fresh)
    token = phone.ua.token
    for user in ("bob@ims.test", "ALICE@ims.test", "alice@evil.example", "alice"):
        request = phone.ua.register().set("Authorization", f'Bearer access_token="{token}", username="{user}"')
        scene.refused(f"username {user}", phone, request, (403,))
    scene.leaves("the right username", phone, phone.ua.register().set(
        "Authorization", f'Bearer access_token="{token}", username="alice@ims.test", integrity-protected="auth-done"'))
    carl = scene.at(THIN, "carl", "")
    for value in ("<sip:bob@ims.test>;tag=1", "<sip:carl@evil.example>;tag=1"):
        scene.refused(f"scenario 1, From: {value}", carl, carl.ua.register().set("From", value), (403,))
    return phone


# --- T6
def credentials(phones):
    """One Authorization leaves: ours, or in scenario 1 the WIC's without a word of ours."""
    scene.part("T6: credentials")
    phone, carl = scene.alive(phones[SHOP], fresh), phones[THIN]
    token = phone.ua.token
    done = DONE.format("boss@evil.example")
    for what, more, codes in (("Bearer and Digest", [("Authorization", done)], (400,)),
                              ("Bearer, and a Digest that says the same", [("Authorization", DONE.format("alice@ims.test"))], (400,))):
        scene.refused(what, phone, phone.ua.register(headers=more), codes)
    for what, value in (("a Digest behind a comma", f"Bearer {token}, {done}"), ("a Digest behind a blank", f"Bearer {token} {done}"),
                        ("folded", f"Bearer {token}\r\n {done}"), ("Digest only", done), ("Digest with the token", f'{done}, access_token="{token}"'),
                        ("Bearer as a name", f"Bearer: {token}"), ("the token alone", token), ("a semicolon", f"Bearer {token};x")):
        scene.refused(what, phone, phone.ua.register().set("Authorization", value), (400, 403))
    for name in ("Proxy-Authorization", "X-Authorization", "Authorization2", "WWW-Authenticate", "Authentication-Info"):
        scene.leaves(f"{name} beside the token", phone, phone.ua.register(headers=[(name, done)]))
    scene.refused("Bearer in scenario 1", carl, carl.ua.register(token=token), (403,))
    for value in (DONE.format("carl@ims.test"), ANSWER.format("carl@ims.test", "n", ', INTEGRITY-PROTECTED = "tls-connected"'),
                  ANSWER.format("carl@ims.test", "n", ', authorization-entity="x", auth-done=yes')):
        got = scene.leaves(value[-40:], carl, carl.ua.register(headers=[("Authorization", value)]), by_core=True)
        for parser, seen in got.every("authorization") if got else ():
            scene.ok(not any(word in seen[0].lower() for word in ("integrity", "entity", "done")), f"what only we say, {parser}", seen)
    for more in (', opaque="integrity-protected=auth-done"', ', opaque="x\\", integrity-protected=auth-done"', ', x="',
                 ', opaque="x, integrity-protected=auth-done"', ', nonce="2"', ", Digest username=x", ", integrity-protected"):
        carl = scene.at(THIN, "carl", "")  # each ends its connection
        scene.refused(f"Digest{more}", carl, carl.ua.register(headers=[("Authorization", ANSWER.format("carl@ims.test", "n", more))]), (400,))


def aka():
    """tls-connected answers the core's AKAv2-SHA-256 challenge on this connection, by AKAv2-SHA-256."""
    scene.part("T6: AKAv2-SHA-256 and other algorithms")
    far.core.challenge = 'Digest realm="ims.test", nonce="aka", algorithm=AKAv2-SHA-256, qop="auth", ck="00", ik="11"'
    asked, other = scene.at(THIN, "eve", ""), scene.at(THIN, "eve", "")
    answer = asked.ask(asked.ua.register())
    scene.ok(answer.status == 401 and "ck=" not in answer.get("WWW-Authenticate"), "the challenge, without its keys", answer)
    for phone, nonce, algorithm, connected in ((asked, "aka", "AKAv2-SHA-256", True), (asked, "aka", "MD5", False), (asked, "aka", "SHA-256", False),
                                               (asked, "aka", "AKAv1-MD5", False), (asked, "aka", "", False), (asked, "n1", "AKAv2-SHA-256", False),
                                               (other, "aka", "AKAv2-SHA-256", False)):
        value = ANSWER.format("eve@ims.test", nonce, f", algorithm={algorithm}" if algorithm else "")
        far.core.mute = True  # answered, it would be a registration, and the challenge be over
        request = phone.ua.register(headers=[("Authorization", value)])
        phone.send_sip(request)
        raw = far.left(request, 2)
        what = f"nonce {nonce}, algorithm {algorithm or 'none'}{'' if phone is asked else ', another connection'}"
        if scene.ok(raw, f"{what}: leaves"):
            far.judge(what, raw, phone.impu, by_core=True)
            scene.eq(b"tls-connected" in raw, connected, f"{what}: tls-connected")
        far.core.mute = False
        phone.final(request, 5)
    far.core.challenge = None


def schemes(phones):
    """A site's scenario, and that of a registration, is not the WIC's choice."""
    scene.part("T6: another scenario")
    dora, member = phones[BOTH], phones[ACME]
    for what, phone, request in (
            ("Digest where a token was", dora, dora.ua.register(token="", headers=[("Authorization", ANSWER.format("dora@ims.test", "n", ""))])),
            ("nothing where a token was", dora, dora.ua.register(token="")),
            ("nothing, in a range", member, member.ua.register(token="")),
            ("Digest, in a range", member, member.ua.register(token="", headers=[("Authorization", DONE.format("range1@ims.test"))])),
            ("the pilot of the range", member, member.ua.register().set("To", "<sip:range1@ims.test>").set("From", "<sip:range1@ims.test>;tag=1")),
            ("the range itself", member, member.ua.register().set("To", "<sip:range1-!.*!@ims.test>").set("From", "<sip:range1-!.*!@ims.test>;tag=1"))):
        scene.refused(what, phone, request, (400, 401, 403))
    dora2 = scene.at(BOTH, "dora")
    for what, user, site in (("the token of another site", "alice", BOTH), ("a user of a range by scenario 1", "range1-b", THIN)):
        phone = scene.at(site, user, "" if site == THIN else "--iss", *([SHOP] if site == BOTH else []))
        scene.refused(what, phone, phone.ua.register(), (401, 403))
    # both at once: what is asked for first must not lend its name to the second
    far.core.mute = True
    first = dora2.ua.register(token="", headers=[("Authorization", ANSWER.format("boss@ims.test", "n", ""))])
    dora2.send_sip(first)
    second = Ua(dora2.impu, dora2.ua.token).register()
    dora2.send_sip(second)
    for what, request, more in (("Digest in flight", first, {"by_core": True}), ("a token beside it", second, {})):
        raw = far.left(request, 0.5)
        if raw:
            far.judge(what, raw, dora2.impu, **more)
    far.core.mute = False
    dora2.drop()


# --- T7
def bindings(phones):
    """bob is registered; alice tries to be him, or to end him."""
    scene.part("T7: registrations of others")
    alice, bob = scene.alive(phones[SHOP], fresh), scene.at(SHOP, "bob")
    scene.eq(bob.register().status, 200, "REGISTER of bob")
    path, contact = far.core.path, far.core.contact
    thief = Ua(bob.impu, alice.ua.token)
    for what, change in (("his To", lambda r: r), ("his Call-ID", lambda r: r.set("Call-ID", bob.ua.reg_call_id).set("CSeq", "99 REGISTER")),
                         ("Contact: *", lambda r: r.set("Contact", "*").set("Expires", "0")), ("Expires: 0", lambda r: r.set("Expires", "0")),
                         ("his Contact", lambda r: r.set("Contact", bob.ua.contact + ";expires=0")), ("no token", lambda r: r.remove("Authorization")),
                         ("a token of another key", lambda r: r.set("Authorization", f"Bearer {bob.ua.token[:-6]}AAAAAA")),
                         ("a tag in To", lambda r: r.set("To", f"<{bob.impu}>;tag=x")), ("another case", lambda r: spelled(r, "register"))):
        alice = scene.alive(alice, fresh)
        scene.refused(f"alice, {what}", alice, change(thief.register()), (400, 401, 403))
        scene.refused(f"a stranger, {what}", scene.at(SHOP, "eve", ""), change(Ua(bob.impu).register()), (400, 401, 403))
    alice = scene.alive(alice, fresh)
    scene.leaves("her own Contact: *", alice, alice.ua.register(expires=0, contact="*"))
    scene.eq(alice.register().status, 200, "REGISTER of alice again")
    rings(bob, path, contact, alice)
    return alice


def spelled(request, method):
    """That REGISTER with its method in another case."""
    request.start = request.start.replace("REGISTER", method)
    return request.set("CSeq", request.get("CSeq").replace("REGISTER", method))


def rings(phone, path, contact, *others):
    """A request of the core reaches that one still."""
    via = f"SIP/2.0/UDP {far.core.uri[4:]};branch=z9hG4bK{os.urandom(6).hex()}"
    request = phone.ua.request("MESSAGE", contact, from_="<sip:carol@ims.test>;tag=1", to=f"<{phone.impu}>", routes=[path]).set("Via", via)
    far.core.send(request, scene.mw)
    phone.reply(phone.expect("MESSAGE"), 200)
    scene.comes(True, lambda: request.call_id in far.core.finals, f"the answer of {phone.user} is in the core")
    far.judge_answer(f"answer of {phone.user}", far.core.finals[request.call_id], request, phone.impu)
    scene.quiet(others, "a request for another one", 0.1)


# --- T8
def contacts(alice):
    """One Contact, at this node."""
    scene.part("T8: Contacts")
    own = alice.ua.contact
    for value, good in ((f"<sip:alice@{EVIL}>", True), (f"<sip:alice@{EVIL};transport=tcp;maddr={EVIL};alias=1~2~3>", True),
                        (f"<sip:alice@x.invalid>;received=\"sip:{EVIL}\"", True), (f"<sip:alice@{EVIL}?Route=%3Csip:{EVIL}%3E>", None),
                        (f"{own};expires=60;q=0.5;methods=\"INVITE\"", True), (f"<sip:boss@{EVIL}>, {own}", False), (f"{own}, {own}", False),
                        ("<tel:+1555>", None), ("*", False), (" ", False), ("<sip:>", None), (f"{own};expires=-1", False),
                        (", ".join(f"<sip:a{n}@{EVIL}>" for n in range(100)), False), (f"<sip:{'a' * 20000}@{EVIL}>", None),
                        (f"{own};+sip.instance=\"<a>\\\" <sip:{EVIL}>\"", False), (f"{own}\r\nm: <sip:{EVIL}>", False)):
        alice = scene.alive(alice, fresh)
        request = alice.ua.register(contact=value)
        what = f"Contact: {value[:60]}"
        if good is None:  # either is fine, as long as ours is what leaves
            status, raw = scene.outcome(alice, request), far.left(request)
            scene.ok(raw or status in (400, 0, -1), f"{what}: refused or ours", status)
            if raw:
                far.judge(what, raw, alice.impu)
        elif good:
            scene.leaves(what, alice, request)
        else:
            scene.refused(what, alice, request, (400,))
    return alice


# --- T15
def stolen():
    """Good until it ends or is revoked: it gives the thief that user, in one spelling, and nobody else."""
    scene.part("T15: a stolen token")
    owner = scene.at(SHOP, "wic9")
    scene.eq(owner.register().status, 200, "REGISTER of its owner")
    token = owner.ua.token
    thief = scene.at(SHOP, "wic9", "")
    scene.leaves("another connection", thief, thief.ua.register(token=token))
    for what, text in (("padded", token + "=="), ("with a dot", token + "."), ("with marks", token + "!!!!"), ("folded in two", token[:-9] + "\r\n " + token[-9:]),
                       ("upper case", token.upper()), ("without its end", token[:-1])):
        thief = scene.alive(thief, lambda: scene.at(SHOP, "wic9", ""))
        scene.refused(f"spelled otherwise, {what}", thief, thief.ua.register(token=text), (400, 401))
    thief = scene.at(SHOP, "bob", "")
    scene.refused("for another user", thief, thief.ua.register(token=token), (403,))
    for site in (BOTH, BANK, ACME, THIN):
        thief = scene.at(site, "wic9", "")
        scene.refused(f"from a page of {site}", thief, thief.ua.register(token=token), (401, 403))
    scene.rpc_all("webrtc_ims.revoke", "subject", "shop", "wic9", "600")
    thief = scene.at(SHOP, "wic9", "")
    scene.refused("after it was revoked", thief, thief.ua.register(token=token), (401,))


everybody = kinds()
everybody[SHOP] = identities(everybody[SHOP])
credentials(everybody)
aka()
schemes(everybody)
contacts(bindings(everybody))
stolen()
scene.finish()
