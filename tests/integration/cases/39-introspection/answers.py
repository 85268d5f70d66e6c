# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a token server says, and what becomes of it; see README.md."""

import time

from asked import BANK, BOTH, Asked
from scene import DOMAIN, SCOPE
from wic import WicClosed, WicTimeout

scene = Asked()
server = scene.server


def active():
    """Good tokens."""
    scene.part("active: registered, and asked once")
    token = scene.opaque("wic20", **{"ims": {"class": "gold"}})
    with scene.wic("wic20", token) as phone:
        for what in ("first", "second"):
            scene.eq(phone.register().status, 200, f"{what} REGISTER")
        scene.contact("wic20")
        scene.eq(server.asked[token], 1, "questions about a token that came twice")
        scene.eq(scene.bindings("wic20")[0]["subject"], "wic20", "subject of the binding")
        scene.eq(scene.count_log("CLAIM class=gold"), 2, "claims of the answer in the script, fresh and kept")
        scene.eq(phone.register(expires=0).status, 200, "de-REGISTER")
    scene.good += 3
    scene.comes([], lambda: scene.known("wic20"), "contacts in the core")
    scene.registers("wic21", scene.opaque("wic21", iss=BANK, token_type=None, jti="x", nbf=1), what="with all members")
    scene.registers("wic21", scene.opaque("wic21", token_type="bEaReR", aud=["x", DOMAIN], scope=["a", SCOPE]),
                    what="with arrays")
    # several identities, of which it registers one
    scene.registers("wic22", scene.opaque("wic22", impu=["sip:wic23@ims.test", "sip:wic22@ims.test"]), what="of two")


def which_are_asked_about():
    """Signed tokens are verified here where there are keys."""
    scene.part("signed and reference tokens")
    before = sum(server.asked.values())
    signed = scene.token("wic30", "--iss", BOTH)
    scene.registers("wic30", signed, origin=BOTH, what="signed, with keys")
    scene.eq(sum(server.asked.values()), before, "questions about a signed token")
    scene.registers("wic30", scene.opaque("wic30"), origin=BOTH, what="opaque, beside keys")
    scene.eq(sum(server.asked.values()), before + 1, "questions about an opaque one")
    # no keys: three parts or not, the server knows
    jwt = scene.token("wic20", "--iss", BANK)
    server.answers[jwt] = server.answers[scene.opaque("wic20")]
    scene.registers("wic20", jwt, what="signed, without keys")
    scene.eq(server.asked[jwt], 1, "questions about a signed token without keys")
    bad = f"{jwt[:-2]}AA" if jwt[-2:] != "AA" else f"{jwt[:-2]}BB"
    scene.registers("wic20", bad, 401, what="with another signature")


def refused():
    """Each rule, and nothing of it in the core."""
    scene.part("refused, each with its outcome")
    now, before = int(time.time()), scene.in_core()
    rows = [
        ("token_inactive", 401, {"active": False}),
        ("token_server_failed", 503, {"active": "true"}),
        ("token_server_failed", 503, {"active": None}),
        ("token_typ", 401, {"token_type": "DPoP"}),
        ("issuer_unknown", 401, {"iss": "https://wwsf.test"}),
        ("audience_mismatch", 401, {"aud": "other.test"}),
        ("claim_missing", 401, {"aud": None}),
        ("claim_missing", 401, {"exp": None}),
        ("claim_type", 401, {"exp": "tomorrow"}),
        ("token_expired", 401, {"exp": now - 100}),
        ("token_nearly_expired", 401, {"exp": now + 20}),
        ("token_not_yet_valid", 401, {"nbf": now + 100}),
        ("token_lifetime", 401, {"exp": now + 90000}),
        ("claim_missing", 401, {"sub": None}),
        ("scope_missing", 401, {"scope": "openid"}),
        ("claim_missing", 401, {"impi": None}),
        ("impi_not_entitled", 403, {"impi": "wic10@ims.test"}),
        ("impu_not_entitled", 403, {"impu": ["sip:wic20@ims.test", "sip:wic10@ims.test"]}),
        ("claim_value", 401, {"impu": "sip:wic20@ims.test\r\nX: y"}),
        ("to_mismatch", 403, {"impu": "sip:wic21@ims.test"})]
    for reason, status, members in rows:
        counted = scene.counter(reason)
        answer = scene.registers("wic20", scene.opaque("wic20", **members), status, what=f"with {members}")
        scene.eq(scene.counter(reason) - counted, 1, f"{reason} with {members}")
        if status == 503:
            scene.ok(answer.get("Retry-After"), "Retry-After")
    # tokens that nobody is asked about
    asked = sum(server.asked.values())
    for token, reason in (("a=b", "auth_malformed"), ('access_token="a\u00e9b"', "token_format")):
        counted = scene.counter(reason)
        scene.registers("wic20", token, 400 if reason == "auth_malformed" else 401, what=f"with {token}")
        scene.eq(scene.counter(reason) - counted, 1, reason)
    # of another WWSF's user, on this one's page
    scene.registers("wic20", scene.opaque("wic30"), 403, what="of another WWSF's user")
    scene.eq(sum(server.asked.values()), asked + 1, "questions about what is no token")
    scene.eq(scene.in_core(), before, "REGISTERs in the core")


def malformed():
    """What Kamailio prints of a head that it cannot parse has no token in it."""
    scene.part("heads that Kamailio prints")
    before, asked = scene.in_core(), sum(server.asked.values())
    for was, now in ((b"Via: SIP", b"Via: S;P"), (b"REGISTER sip", b"REGISTER  sip"), (b"Expires", b"Expi res"),
                     (b"SIP/2.0\r\n", b"SIQ/2.0\r\n")):
        with scene.wic("wic20", scene.opaque("wic20")) as phone:
            phone.send_sip(phone.ua.register().add("Content-Length", 0).to_bytes().replace(was, now, 1))
            try:
                phone.recv_sip(0.3)
            except (WicClosed, WicTimeout):
                pass
    scene.ok(scene.count_log("Authorization: Bearer xxx") > 0, "a head was printed, its token masked")
    scene.eq(sum(server.asked.values()), asked, "questions about them")
    scene.eq(scene.in_core(), before, "REGISTERs in the core")


def closes():
    """401 closes the WebSocket as with signed tokens, 503 does not."""
    scene.part("what is closed")
    with scene.wic("wic20", scene.opaque("wic20", active=False)) as phone:
        scene.eq(phone.register().status, 401, "inactive")
        scene.eq(phone.wait_close(3), (4401, "token_inactive"), "Close frame")
    with scene.wic("wic20", scene.opaque("wic20", active=7)) as phone:
        scene.eq(phone.register().status, 503, "no answer")
        phone.ua.token = scene.opaque("wic20")
        scene.eq(phone.register().status, 200, "over the same WebSocket")
        scene.good += 1


def kept():
    """Answers are believed for a while."""
    scene.part("the cache's time")
    token = scene.opaque("wic20")
    began = time.monotonic()
    with scene.wic("wic20", token) as phone:
        scene.eq(phone.register().status, 200, "fresh")
        server.answers[token] = {"active": False}
        scene.eq(phone.register().status, 200, "revoked at the server, answer kept")
        scene.good += 2
        scene.ok(time.monotonic() - began < 0.9, "this was quick enough to mean something")
        scene.becomes(phone, 401, 4)
        scene.ok(0.9 < time.monotonic() - began < 3.0, "seconds that it was believed", time.monotonic() - began)
    scene.eq(server.asked[token], 2, "questions")
    scene.good = scene.in_core()
    uncached = scene.opaque("wic30")
    for _ in range(2):
        scene.registers("wic30", uncached, origin=BOTH, what="where answers are not kept")
    scene.eq(server.asked[uncached], 2, "questions where answers are not kept")


def together():
    """One question for all who wait for it."""
    scene.part("ten WICs, one token")
    token = scene.opaque("wic20")
    server.delay = 0.4
    phones = [scene.wic("wic20", token) for _ in range(10)]
    requests = [phone.ua.register() for phone in phones]
    for phone, request in zip(phones, requests):
        phone.send_sip(request)
    scene.comes(10, lambda: scene.server_row()["pending"], "requests that wait", 1)
    scene.eq([phone.final(request).status for phone, request in zip(phones, requests)], [200] * 10, "answers")
    scene.eq(server.asked[token], 1, "questions")
    server.delay = 0.0
    scene.good += 10
    for phone in phones:
        phone.drop()


def bad_servers():
    """503, and the next good answer makes up for it."""
    scene.part("answers that are none")
    before = scene.counter("introspection_failures")
    modes = ("error", "denied", "garbage", "untyped", "huge", "cut")
    for mode in modes:
        server.mode = mode
        with scene.wic("wic20", scene.opaque("wic20")) as phone:
            answer = phone.register()
            scene.eq(answer.status, 503, f"REGISTER, server: {mode}")
            scene.ok(answer.get("Retry-After"), "Retry-After")
            scene.ok(scene.server_row().get("reason"), f"reason after {mode}")
            server.mode = "tokens"
            scene.eq(phone.register().status, 200, f"REGISTER after {mode}")
            scene.good += 1
    scene.eq(scene.server_row().get("reason"), None, "reason when it answers")
    scene.eq(scene.counter("introspection_failures") - before, len(modes), "introspection_failures")
    scene.eq(scene.count_log("it does not accept client_id and client_secret"), 1, "lines about our credentials")


active()
which_are_asked_about()
refused()
malformed()
closes()
kept()
together()
bad_servers()
scene.nobody_waits()
scene.eq(server.strange, [], "questions that RFC 7662 does not know")
scene.eq(scene.in_core(), scene.good, "REGISTERs in the core")
scene.done()
