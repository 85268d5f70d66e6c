# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Policies, methods and tokens, each with each; see README.md."""

import json

from scene import Scene
from wic import Dialog, WicClosed, WicTimeout

scene = Scene()
BANK = ("--iss", "https://bank.test", "--key", f"{scene.run}/wwsf/bank.pem", "--kid", "b1",
        "--claim", "impi=bob@ims.test", "--claim", "impu=sip:bob@ims.test")
GOOD = scene.token("alice")
TOKENS = {
    "no": "",
    "a good": GOOD,
    "a nearly expired": scene.token("alice", "--exp-in", "20"),
    "an expired": scene.token("alice", "--now", "1700000000"),
    "a broken": GOOD[:-8] + "AAAAAAAA",
    "somebody else's": scene.token("anna"),
    "another WWSF's": scene.token("alice", *BANK),
}
# What comes of each token, in that order.
ACCEPT = ("ok", "ok", "ok", "token_expired", "signature_bad", "subject_mismatch", "wwsf_mismatch")
IN_CALL = ("ok", "ok", "ok", "ok", *ACCEPT[4:])
REQUIRE = ("token_absent", *ACCEPT[1:])
IGNORE = ("ok",) * len(TOKENS)
STATUS = {"subject_mismatch": 403, "wwsf_mismatch": 403}  # others: 401
POLICIES = (  # request_token, outside of dialogs, inside
    ("accept", ACCEPT, IN_CALL),
    ("require", REQUIRE, REQUIRE),
    ("ignore", IGNORE, IGNORE),
    ({"initial": "require", "in_dialog": "ignore"}, REQUIRE, IGNORE),
    ({"in_dialog": "require"}, ACCEPT, REQUIRE),
)
METHODS = ("MESSAGE", "OPTIONS", "SUBSCRIBE", "INVITE")


def bearer(token):
    """The header that carries it."""
    return [("Authorization", f"Bearer {token}")] if token else []


def outside(method, token):
    """A request that starts something, or stands alone."""
    if method == "INVITE":
        return alice.ua.invite(carol.impu, headers=bearer(token))
    more = [("Event", "presence"), ("Contact", alice.ua.contact)] if method == "SUBSCRIBE" else []
    return alice.ua.request(method, carol.impu, headers=bearer(token) + more, routes=alice.ua.service_routes)


def arrives(request, what, answer=200):
    """It comes out at carol without its token; the final answer of it."""
    try:
        got = carol.expect(request.method)
    except WicTimeout:
        scene.ok(False, f"{what} reaches the callee")
        return None
    scene.eq(got.get("Authorization"), None, f"{what}: Authorization at the callee")
    carol.reply(got, answer)
    final = alice.final(request)
    scene.eq(final.status, answer, what)
    return final


def sent(request, want, what):
    """Passes, or is refused by that outcome and goes nowhere."""
    alice.send_sip(request)
    if want == "ok":
        return arrives(request, what)
    scene.eq(alice.final(request).status, STATUS.get(want, 401), what)
    line = f"{request.method} refused: {want} call-id={request.call_id}"
    scene.ok(scene.count_log(line), f"{what}: {want} in the log")
    return None


def call(token):
    """A call that is up, its ACK without a token."""
    invite = alice.ua.invite(carol.impu, headers=bearer(token))
    alice.send_sip(invite)
    dialog = Dialog.of_caller(arrives(invite, "INVITE of the call"))
    alice.send_sip(alice.ua.ack(dialog, headers=bearer(TOKENS["a broken"])))
    scene.eq(carol.expect("ACK").get("Authorization"), None, "Authorization of the ACK at the callee")
    return dialog


def walk_outside(policy, wanted):
    """Each method with each token, and how many entered the core."""
    for method in METHODS:
        before = scene.seen(method)
        for (name, token), want in zip(TOKENS.items(), wanted):
            final = sent(outside(method, token), want, f"{policy}: {method} with {name} token")
            if method == "INVITE" and final:
                dialog = Dialog.of_caller(final)
                alice.send_sip(alice.ua.ack(dialog))
                carol.expect("ACK")
                sent(alice.ua.bye(dialog, headers=bearer(GOOD)), "ok", f"{policy}: BYE after that")
        scene.eq(scene.seen(method) - before, wanted.count("ok"), f"{policy}: {method}s that entered the core")


def walk_inside(policy, wanted):
    """Each method with each token in one call; refused BYEs leave the call."""
    dialog = call(GOOD)
    for method in ("INFO", "UPDATE"):
        for (name, token), want in zip(TOKENS.items(), wanted):
            request = alice.ua.in_dialog(dialog, method, headers=bearer(token))
            sent(request, want, f"{policy}: {method} in a call with {name} token")
    byes = sorted(zip(TOKENS.items(), wanted), key=lambda row: row[1] == "ok")
    for number, ((name, token), want) in enumerate(byes):
        sent(alice.ua.bye(dialog, headers=bearer(token)), want, f"{policy}: BYE with {name} token")
        if want == "ok" and number + 1 < len(byes):
            dialog = call(GOOD)


def never_asked():
    """ACK and CANCEL; the policy is "require"."""
    for name in ("no", "a broken", "an expired", "somebody else's"):
        invite = outside("INVITE", GOOD)
        alice.send_sip(invite)
        got = carol.expect("INVITE")
        carol.reply(got, 180)
        alice.wait_for(lambda msg: msg.status == 180)
        cancel = alice.ua.cancel(invite)
        for header, value in bearer(TOKENS[name]):
            cancel.add(header, value)
        scene.eq(alice.ask(cancel).status, 200, f"CANCEL with {name} token")
        carol.reply(carol.expect("CANCEL"), 200)
        carol.reply(got, 487)
        scene.eq(alice.final(invite).status, 487, f"INVITE cancelled with {name} token")
        carol.expect("ACK")
        alice.send_sip(alice.ua.ack_failure(invite, alice.ua.answer(invite, 487)))
    refused = scene.count_log("ACK refused") + scene.count_log("CANCEL refused")
    scene.eq(refused, 0, "ACKs and CANCELs that were refused")


scene.part("registered, and a subscriber of the core")
carol = scene.core_ua("carol")
alice = scene.connected("alice")
alice.ua.token = scene.token("alice", "--claim-json", json.dumps(
    {"class": "gold", "lines": ["one", "two"], "vip": True, "odd": "<x>"}).join(("ims=", "")))
scene.eq(alice.register().status, 200, "REGISTER")
CLAIMS = "class=gold lines=one,two vip=true odd=<null> sub=alice"
scene.eq(scene.count_log(f"CLAIMS REGISTER {CLAIMS}"), 1, "claims of the REGISTER in the script")
for request_token, initial, in_dialog in POLICIES:
    scene.part(f"request_token {request_token}")
    scene.provision(request_token=request_token)
    walk_outside(request_token, initial)
    walk_inside(request_token, in_dialog)
    if request_token == "require":
        never_asked()

scene.part("claims of a request, from the cache")
for _ in range(2):
    sent(outside("MESSAGE", alice.ua.token), "ok", "MESSAGE with claims")
scene.eq(scene.count_log(f"CLAIMS MESSAGE {CLAIMS}"), 2, "claims of MESSAGEs in the script")

scene.part("whoever is not registered gains nothing by a token")
stranger = scene.connected("alan")
before = scene.seen("MESSAGE")
scene.eq(stranger.ask(stranger.ua.message(carol.impu, "x", headers=[stranger.bearer])).status, 403, "MESSAGE")
scene.eq(scene.count_log("MESSAGE refused: not_registered"), 1, "outcomes not_registered")

scene.part("a bad token closes the WebSocket where that is wanted")
scene.provision(close_on_bad_token=True)
try:
    scene.eq(alice.ask(outside("MESSAGE", TOKENS["a broken"])).status, 401, "MESSAGE with a broken token")
    code, reason = alice.wait_close()[:2]
    scene.eq((code, reason), (4401, "signature_bad"), "close code and reason")
except WicClosed as closed:
    scene.eq((closed.code, closed.reason), (4401, "signature_bad"), "close code and reason")
scene.eq(scene.seen("MESSAGE"), before, "MESSAGEs in the core")
scene.quiet((carol,), "after all that")
scene.done()
