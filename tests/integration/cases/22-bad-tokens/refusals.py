# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A row for each way to be refused; see README.md."""

import json
import os
import time
from collections import namedtuple

from hostile.keys import b64
from odd_tokens import Mint, claims
from scene import Scene
from wic import WicClosed, WicRefused, WicTimeout

scene = Scene()
BANK, THIN = os.environ["BANK"], os.environ["THIN"]
shop = Mint(f"{scene.run}/wwsf/key.pem")
CHALLENGE = ('Bearer realm="ims.test",authz_server="https://wwsf.test/token",'
             'scope="webrtc-ims-client-access-to-ims"')
CLOSES, STAYS = True, False
UNANSWERED = "no answer: "  # Kamailio cannot parse the head; the Close has the code

# make: from a Phone of alice that is connected to what it sends
Row = namedtuple("Row", "outcome start error closes what make")


def unauthorized(outcome, what, token, closes=CLOSES, error="invalid_token"):
    """A row for a token that is not good."""
    return Row(outcome, "401 Unauthorized", error, closes, what, lambda p: p.ua.register(token=token))


def broken(outcome, start, closes, what, change):
    """A row for a REGISTER with a good token that is changed otherwise."""
    def make(phone):
        request = phone.ua.register(token=shop.token())
        return change(request) or request
    return Row(outcome, start, None, closes, what, make)


def authorization(value):
    """Change: this Authorization."""
    return lambda request: request.set("Authorization", value)


def as_bytes(old, new):
    """Change: other bytes on the wire."""
    return lambda request: request.to_bytes().replace(old, new)


def spliced(good, other):
    """Payload of the one with the signature of the other."""
    return ".".join(other.split(".")[:2] + good.split(".")[2:])


def bearer_of_two():
    """Two tokens in one header."""
    return f'Bearer access_token="{shop.token()}", access_token="{shop.token()}"'


NOW = int(time.time())
GOOD = shop.token()
HEAD, BODY, SIGNATURE = GOOD.split(".")
ES256 = json.dumps({"alg": "ES256", "kid": "k1"})


def no_token_rows():
    """What is not even a token."""
    return [
        unauthorized("token_absent", "no Authorization at all", "", STAYS, ""),
        broken("auth_malformed", "400 Bad Authorization", CLOSES, "Bearer and nothing", authorization("Bearer")),
        broken("auth_malformed", "400 Bad Authorization", CLOSES, "two access_token", authorization(bearer_of_two())),
        broken("auth_malformed", "400 Bad Authorization", CLOSES, "a Digest behind a comma",
               authorization(f'Bearer {GOOD}, Digest username="alice@ims.test", integrity-protected="auth-done"')),
        unauthorized("token_too_long", "a token of 9000 bytes", "a" * 9000),
        unauthorized("token_too_long", "an Authorization of 16 KB", "a" * 16384),
        unauthorized("token_format", "two parts", f"{HEAD}.{BODY}"),
        unauthorized("token_format", "four parts", f"{GOOD}.AAAA"),
        unauthorized("token_format", "five parts (JWE)", f"{GOOD}.AAAA.AAAA"),
        unauthorized("token_format", "no signature", f"{HEAD}.{BODY}."),
        unauthorized("token_format", "zip", shop.token({"zip": "DEF"})),
        unauthorized("token_base64", "padding", f"{HEAD}.{BODY}.{SIGNATURE}=="),
        unauthorized("token_base64", "the alphabet of base64", f"{HEAD}.{BODY}.{SIGNATURE[:-4]}++//"),
        unauthorized("token_json", "a name twice", shop.raw(ES256, '{"iss":"https://wwsf.test","iss":"x"}')),
        unauthorized("token_json", "an array", shop.raw(ES256, "[]")),
        unauthorized("token_json", "a NUL behind the object", shop.raw(ES256, json.dumps(claims()) + "\0{}")),
        unauthorized("token_json", "nothing", shop.raw(ES256, "")),
        unauthorized("token_json", "header of the same name twice", shop.raw('{"alg":"none","alg":"ES256"}', "{}")),
        unauthorized("token_typ", "typ of something else", shop.token({"typ": "logout+jwt"})),
        unauthorized("token_typ", "typ that is a number", shop.token({"typ": 1})),
        unauthorized("token_typ", "a nested token", shop.token({"cty": "JWT"})),
        unauthorized("token_crit", "crit", shop.token({"crit": ["exp"]})),
        unauthorized("token_crit", "b64", shop.token({"b64": False})),
    ]


def signature_rows():
    """Keys, algorithms and signatures."""
    none = b64(json.dumps({"alg": "none"}).encode()) + f".{BODY}."
    return [
        unauthorized("token_format", "alg none without a signature", none),
        unauthorized("alg_unknown", "alg none", none + "AAAA"),
        unauthorized("alg_mismatch", "HS256", shop.token({"alg": "HS256"})),
        unauthorized("alg_unknown", "es256 in lower case", shop.token({"alg": "es256"})),
        unauthorized("alg_unknown", "no alg", shop.token({"alg": None})),
        unauthorized("alg_mismatch", "RS256 with an EC key", shop.token({"alg": "RS256"})),
        unauthorized("key_unknown", "another kid", shop.token({"kid": "k2"})),
        unauthorized("key_unknown", "kid of another WWSF's key", shop.token({"kid": "b1"})),
        unauthorized("signature_bad", "payload of another token", spliced(GOOD, shop.token(sub="bob"))),
        unauthorized("signature_bad", "r = s = 0", f"{HEAD}.{BODY}.{b64(bytes(64))}"),
        unauthorized("signature_bad", "one byte less", f"{HEAD}.{BODY}.{b64(bytes(63))}"),
        unauthorized("signature_bad", "a key of its own in the header",
                     Mint(f"{scene.run}/tls/server.key").token({"jwk": {"kty": "EC"}})),
    ]


def claim_rows():
    """Well signed, and says what is not believed."""
    return [
        unauthorized("issuer_unknown", "issuer of nobody", shop.token(iss="https://evil.test")),
        unauthorized("issuer_unknown", "issuer with a slash more", shop.token(iss="https://wwsf.test/")),
        unauthorized("key_unknown", "issuer of another WWSF, own key", shop.token(iss=BANK)),
        unauthorized("audience_mismatch", "another audience", shop.token(aud="other.test")),
        unauthorized("audience_mismatch", "no audience in the list", shop.token(aud=[])),
        *(unauthorized("claim_missing", f"no {name}", shop.token(**{name: None}))
          for name in ("iss", "aud", "exp", "sub", "impi", "impu")),
        unauthorized("claim_type", "exp as text", shop.token(exp=str(NOW + 600))),
        unauthorized("claim_type", "exp true", shop.token(exp=True)),
        unauthorized("claim_type", "impi in a list", shop.token(impi=["alice@ims.test"])),
        unauthorized("claim_type", "impu as an object", shop.token(impu={"sip": "alice@ims.test"})),
        unauthorized("claim_value", "exp 2^63-1", shop.token(exp=2**63 - 1)),
        unauthorized("claim_value", "exp below 0", shop.token(exp=-1)),
        unauthorized("claim_value", "CRLF in the IMPI", shop.token(impi="alice@ims.test\r\nX: y")),
        unauthorized("claim_value", "a quote in the IMPI", shop.token(impi='a"@ims.test')),
        unauthorized("claim_value", "IMPU without a user", shop.token(impu="sip:ims.test")),
        unauthorized("claim_value", "no IMPU in the list", shop.token(impu=[])),
        unauthorized("token_expired", "expired for an hour", shop.token(iat=NOW - 7200, exp=NOW - 3600)),
        unauthorized("token_expired", "expired, just out of the leeway", shop.token(iat=NOW - 700, exp=NOW - 61)),
        unauthorized("token_not_yet_valid", "nbf in the future", shop.token(nbf=NOW + 300)),
        unauthorized("token_not_yet_valid", "iat in the future", shop.token(iat=NOW + 300)),
        unauthorized("token_lifetime", "a life of two days", shop.token(exp=NOW + 172800)),
        unauthorized("token_lifetime", "a life of two days, no iat", shop.token(iat=None, exp=NOW + 172800)),
        unauthorized("token_nearly_expired", "28 s left", shop.token(exp=NOW + 28), STAYS),
        unauthorized("scope_missing", "no scope", shop.token(scope=None), error="invalid_scope"),
        unauthorized("scope_missing", "another scope", shop.token(scope="openid"), error="invalid_scope"),
        unauthorized("scope_missing", "a longer word", shop.token(scope="webrtc-ims-client-access-to-ims2"),
                     error="invalid_scope"),
    ]


def identity(outcome, what, header=None, **changes):
    """A row for identities: a claim or a header that is not alice's."""
    start = "403 Identity Not Allowed" if outcome.endswith("entitled") else "403 Identity Not In Token"

    def make(phone):
        request = phone.ua.register(token=shop.token(**changes))
        return request.set(*header) if header else request
    return Row(outcome, start, None, CLOSES, what, make)


def identity_rows():
    """TS 33.203 X.3.1 REQ 2.4: what the token does not give, nobody gets."""
    return [
        identity("impu_not_entitled", "IMPU of another WWSF", impu="sip:bob@ims.test"),
        identity("impu_not_entitled", "one of two IMPUs", impu=["sip:alice@ims.test", "sip:bob@ims.test"]),
        identity("impu_not_entitled", "IMPU of another domain", impu="sip:alice@evil.test"),
        identity("impi_not_entitled", "IMPI of another WWSF", impi="bob@ims.test"),
        identity("impi_not_entitled", "IMPI of another realm", impi="alice@evil.test"),
        identity("to_mismatch", "To of another user", ("To", "<sip:wic1@ims.test>")),
        identity("to_mismatch", "To of another user, escaped", ("To", "<sip:%77ic1@ims.test>")),
        identity("to_mismatch", "To with the user in capitals", ("To", "<sip:ALICE@ims.test>")),
        identity("to_mismatch", "To of another domain", ("To", "<sip:alice@evil.test>")),
        identity("to_mismatch", "To with another scheme", ("To", "<sips:alice@ims.test>")),
        identity("to_mismatch", "To of another user, alice as its name", ("To", '"<sip:alice@ims.test>" <sip:wic1@ims.test>')),
        identity("from_mismatch", "From of another user", ("From", "<sip:wic1@ims.test>;tag=x")),
        identity("from_mismatch", "From of another domain", ("From", "<sip:alice@evil.test>;tag=x")),
        identity("impi_mismatch", "username of another user",
                 ("Authorization", f'Bearer access_token="{GOOD}", username="wic1@ims.test"')),
    ]


def request_rows():
    """The token is good, the request is not."""
    def plus(name, value):
        return lambda request: request.add(name, value)

    contact = b"Contact: "
    return [
        broken("scenario_refused", "403 Authentication Scheme Not Allowed", STAYS, "Digest with auth-done",
               authorization('Digest username="alice@ims.test", realm="ims.test", uri="sip:ims.test", nonce="", '
                             'response="", integrity-protected="auth-done"')),
        broken("scenario_refused", "403 Authentication Scheme Not Allowed", STAYS, "Basic",
               authorization("Basic YTpi")),
        broken("contact_bad", "400 Bad Contact", STAYS, "no Contact", lambda r: r.remove("Contact")),
        broken("contact_bad", "400 Bad Contact", STAYS, "two Contacts", plus("Contact", "<sip:alice@b.invalid>")),
        broken("contact_bad", "400 Bad Contact", STAYS, "two Contacts in one",
               lambda r: r.set("Contact", "<sip:a@a.invalid>, <sip:b@b.invalid>")),
        broken("contact_bad", "400 Bad Contact", STAYS, "* for longer than 0 s", lambda r: r.set("Contact", "*")),
        broken("contact_bad", "400 Bad Contact", STAYS, "a Contact of 4 KB",
               lambda r: r.set("Contact", f"<sip:{'a' * 4096}@a.invalid>")),
        broken("expires_too_brief", "423 Interval Too Brief", STAYS, "10 s", lambda r: r.set("Expires", "10")),
        broken("request_malformed", "400 Bad Request", STAYS, "an interval that is no number",
               lambda r: r.set("Expires", "soon")),
        broken("uri_bad", "400 Bad URI", STAYS, "To without a user", lambda r: r.set("To", "<sip:ims.test>")),
        *(broken("header_duplicate", "400 Duplicate Header", STAYS, f"two {name}", plus(name, value))
          for name, value in (("Authorization", 'Digest username="x", integrity-protected="auth-done"'),
                              ("Expires", "5"))),
        *(broken("header_duplicate", UNANSWERED + "400", CLOSES, f"two {name}", plus(name, value))
          for name, value in (("To", "<sip:wic1@ims.test>"), ("t", "<sip:wic1@ims.test>"),
                              ("Call-ID", "x"), ("Max-Forwards", "9"))),
        *(broken("head_control_byte", "400 Bad Request Head", CLOSES, f"{what} in a value",
                 as_bytes(contact, b"X-Odd: a" + odd + b"P-Asserted-Identity: <sip:bob@ims.test>\r\n" + contact))
          for what, odd in (("NUL", b"\0"), ("a bare CR", b"\r"), ("a bare LF", b"\n"), ("VT", b"\x0b"), ("DEL", b"\x7f"))),
        *(broken("header_name", start, CLOSES, what, as_bytes(contact, odd + b"\r\n" + contact))
          for start, what, odd in (
              ("400 Bad Header Name", "a blank before the colon", b"P-Asserted-Identity : <sip:bob@ims.test>"),
              ("400 Bad Header Name", "a tab before the colon", b"P-Asserted-Identity\t: <sip:bob@ims.test>"),
              (UNANSWERED + "400", "0xA0 in a name", b"P-Asserted-Identity\xa0: <sip:bob@ims.test>"),
              (UNANSWERED + "400", "a line that is no header", b"P-Asserted-Identity"))),
    ]


def answer_to(phone, row, name):
    """Sends the row's request and looks at the answer."""
    phone.send_sip(row.make(phone))
    if row.start.startswith(UNANSWERED):
        return
    try:
        answer = phone.wait_for(lambda m: m.is_response and m.status >= 200)
    except (WicTimeout, WicClosed) as why:
        scene.ok(False, f"{name} is answered", repr(why))
        return
    challenge = None if row.error is None else CHALLENGE + (f',error="{row.error}"' if row.error else "")
    scene.eq(answer.start, f"SIP/2.0 {row.start}", f"{name}: answer")
    scene.eq(answer.get("WWW-Authenticate"), challenge, f"{name}: challenge")
    scene.eq(answer.get("Min-Expires"), "30" if row.start.startswith("423") else None, f"{name}: Min-Expires")


def closing(phone, row, name):
    """The Close frame, or a WebSocket that goes on."""
    if not row.closes:
        try:
            scene.ok(phone.ping() < 5, f"{name}: WebSocket stays open")
        except WicClosed as end:
            scene.ok(False, f"{name}: WebSocket stays open", end)
        return
    try:
        scene.eq(phone.wait_close(3), (4000 + int(row.start.replace(UNANSWERED, "")[:3]), row.outcome), f"{name}: Close")
    except WicTimeout:
        scene.ok(False, f"{name}: a Close frame comes")


def try_row(row):
    """One row on a WebSocket of its own."""
    name = f"{row.outcome} ({row.what})"
    counted = scene.counter(row.outcome)
    with scene.connected("alice") as phone:
        answer_to(phone, row, name)
        closing(phone, row, name)
        scene.eq(scene.counter(row.outcome) - counted, 1, f"{name}: counter")
        scene.comes(1, lambda: lines_of(phone, row.outcome), f"{name}: log lines")


def lines_of(phone, outcome):
    """Lines of the log that tell of this refusal."""
    connection = "wss:{}:{} ".format(*phone.link.local)
    with open(scene.log, encoding="utf-8", errors="replace") as log:
        return sum(connection in line and f"REGISTER refused: {outcome} " in line.replace("\n", " ")
                   for line in log)


def origins():
    """RFC 6455 4.2.2: 403 before there is a WebSocket."""
    scene.part("Origins")
    wrong = [None, "null", "", "https://evil.test", "https://wwsf.test.evil.test", "https://evilwwsf.test",
             "http://wwsf.test", "https://wwsf.test:444", "https://wwsf.test/", "https://wwsf.test/x",
             "https://user@wwsf.test", "https://wwsf.test https://evil.test", "*",
             ["https://wwsf.test", "https://evil.test"], ["https://wwsf.test", "https://wwsf.test"]]
    counted = scene.counter("origin_refused")
    for origin in wrong:
        try:
            scene.connected("alice", origin=origin).drop()
            scene.ok(False, f"Origin {origin!r} is refused")
        except WicRefused as why:
            scene.eq(why.status, 403, f"HTTP status for Origin {origin!r}")
    scene.eq(scene.counter("origin_refused") - counted, len(wrong), "counter origin_refused")
    for origin in ("https://wwsf.test", "HTTPS://WWSF.test", "https://wwsf.test:443"):
        scene.connected("alice", origin=origin).drop()


def other_sites():
    """Tokens belong to the WWSF of the Origin, and connections to one user."""
    scene.part("other WWSFs")
    bank = scene.token("bob", "--key", f"{scene.run}/wwsf/bank.pem", "--kid", "b1", "--iss", BANK,
                       "--scope", "sip")
    with scene.connected("bob", origin=BANK) as phone:
        answer = phone.ask(phone.ua.register(token=GOOD))
        scene.eq(answer.start, "SIP/2.0 403 Token Of Another Web Site", "shop's token from the bank's page")
        scene.ok(phone.ping() < 5, "close_on_bad_token=false: WebSocket stays open after it")
        answer = phone.ask(phone.ua.register(token="x.y.z"))
        scene.eq(answer.get("WWW-Authenticate"), f'Bearer realm="bank of A",authz_server="{BANK}",'
                 'scope="sip-phone",error="invalid_token"', "challenge of the bank")
    with scene.connected("bob") as phone:
        answer = phone.ask(phone.ua.register(token=bank))
        scene.eq(answer.start, "SIP/2.0 401 Unauthorized", "the bank's token without its scope")
    with scene.connected("alice", origin=THIN) as phone:
        answer = phone.ask(phone.ua.register(token=GOOD))
        scene.eq(answer.start, "SIP/2.0 403 Authentication Scheme Not Allowed",
                 "a token from a page of scenario 1")


def plain_sip():
    """SIP on the WSS port without a WebSocket: nobody asked for an Origin."""
    scene.part("SIP past the WebSocket")
    with scene.connected("alice") as other, type(other)(scene, "alice") as raw:
        raw.tcp().tls()
        raw.send_raw(other.ua.register().add("Content-Length", 0))
        scene.ok(raw.recv_raw_sip().startswith(b"SIP/2.0 403 WebSocket Required\r\n"), "plain SIP is refused")
        scene.ok(raw.wait_tcp_end(3) is not None, "and its connection ended")


def good_one():
    """The control: a REGISTER that is right is seen by the core."""
    scene.part("a good REGISTER, then another user on the same WebSocket")
    before = scene.seen("REGISTER")
    scene.eq(before, 0, "number of REGISTERs that the core saw of all these")
    with scene.connected("alice") as phone:
        scene.eq(phone.register().status, 200, "good REGISTER")
        phone.ua.impu, phone.ua.reg_cseq = "sip:wic1@ims.test", 10
        answer = phone.ask(phone.ua.register(token=scene.token("wic1")))
        scene.eq(answer.start, "SIP/2.0 403 Connection Belongs To Another User", "another user's token")
        scene.eq(phone.wait_close(3), (4403, "subject_mismatch"), "Close")
    scene.eq(scene.seen("REGISTER"), before + 1, "number of REGISTERs that the core saw then")


for group in (no_token_rows, signature_rows, claim_rows, identity_rows, request_rows):
    rows = group()
    scene.part(f"{group.__doc__} {len(rows)} rows")
    for each in rows:
        try_row(each)
origins()
other_sites()
plain_sip()
good_one()
scene.done()
