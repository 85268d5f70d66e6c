# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Revocations with a real core: what ends, how soon, and what does not."""

import time

from dialogs import call
from flows import CoreSide, Flows

LATE = 5.0  # s until the core has been told and the WebSocket is closed, on a busy machine
SITE = "shop"

flows = Flows()
core = CoreSide(flows)


def registered(user, *token_options):
    """A WIC that is registered with such a token."""
    wic = flows.connected(user)
    wic.ua.token = flows.token(user, *token_options)
    flows.eq(wic.register().status, 200, f"answer to REGISTER of {user}")
    return wic


def revoke(kind, value, ended, *seconds):
    """Revokes; the time at which it was said."""
    said = time.monotonic()
    answer = flows.rpc_all("webrtc_ims.revoke", kind, SITE, value, *seconds)
    flows.ok(f"ended: {ended}\n" in answer, f"revoke {kind}: {ended} registrations end", answer)
    flows.ok("saved: yes\n" in answer, f"revoke {kind}: it is saved", answer)
    return said


def unrevoke(kind, value):
    """Takes one back."""
    answer = flows.rpc_all("webrtc_ims.unrevoke", kind, SITE, value)
    flows.ok("saved: yes\n" in answer, f"unrevoke {kind}", answer)


def closed(wic, said, who):
    """With a Close frame that a page can read, in time."""
    got = wic.wait_close(LATE + 1)
    took = time.monotonic() - said
    flows.eq(got, (4401, "token_revoked"), f"Close frame of {who}")
    flows.ok(took <= LATE, f"{who}: closed in time", took)
    flows.part(f"{who}: closed after {took:.2f} s")


def told(user, left, said):
    """The core has so many contacts of the user left, in time."""
    flows.comes(left, lambda: len(flows.known(user)), f"contacts of {user} in the core", LATE + 1)
    took = time.monotonic() - said
    flows.ok(took <= LATE, f"the core is told of {user} in time", took)
    flows.part(f"{user}: the core was told within {took:.2f} s")


def refused(user, token, what):
    """On a new connection: 401 with the reason, and closed."""
    wic = flows.connected(user)
    wic.ua.token = token
    answer = wic.register()
    flows.eq(answer.status, 401, f"REGISTER with {what}")
    challenge = answer.get("WWW-Authenticate") or ""
    flows.ok('error="invalid_token"' in challenge, f"challenge for {what}", challenge)
    flows.eq(wic.wait_close(2), (4401, "token_revoked"), f"Close frame for {what}")


def accepted(user, token, what):
    """On a new connection it is good."""
    wic = flows.connected(user)
    wic.ua.token = token
    flows.eq(wic.register().status, 200, f"REGISTER with {what}")
    return wic


def untouched(wic, what):
    """Registered, reachable, its WebSocket open."""
    flows.ok(wic.ping() < 1, f"{what}: the WebSocket is open")
    flows.ok(any(row["connection"] for row in flows.bindings(wic.user)), f"{what} is registered")
    flows.eq(wic.register().status, 200, f"the next REGISTER of {what}")


def by_jti():
    """One token of a user who has two."""
    flows.part("by jti")
    one = registered("alice", "--jti", "1234567")
    two = registered("alice", "--jti", "a2")
    flows.eq(len(flows.known("alice")), 2, "contacts of alice in the core")
    revoke("jti", "12345678", 0)
    said = revoke("jti", "1234567", 1)
    closed(one, said, "the first phone of alice")
    told("alice", 1, said)
    refused("alice", one.ua.token, "the token that was taken back")
    untouched(two, "the second phone of alice")
    untouched(bob, "bob")
    unrevoke("jti", "1234567")
    accepted("alice", one.ua.token, "the token that was given back").close()
    return two


def by_subject(phone):
    """All tokens of a user, in a grace as well, and in calls."""
    flows.part("by subject, in a call and in a grace")
    peer = flows.core_ua("erin")
    call(phone, peer)
    known = flows.contact("carol")
    carol.drop()
    flows.comes([0], lambda: [row["connection"] for row in flows.bindings("carol")],
                "carol's registration waits", 2)
    said = revoke("subject", "alice", 2)
    peer.reply(peer.expect("BYE"), 200)
    flows.part(f"BYE after {time.monotonic() - said:.2f} s")
    closed(phone, said, "alice in her call")
    told("alice", 0, said)
    said = revoke("subject", "carol", 1)
    told("carol", 0, said)
    core.unreachable(known, "carol, who was in her grace")
    refused("alice", flows.token("alice"), "a new token of a user who was taken back")
    untouched(bob, "bob")


def by_time():
    """All tokens of the WWSF so far."""
    flows.part("by time of issue")
    revoke("issued_before", str(int(time.time()) - 600), 1)  # dora's has no iat
    flows.eq(dora.wait_close(2), (4401, "token_revoked"), "Close frame of dora, whose token has no iat")
    untouched(bob, "bob")
    known = flows.contact("bob")
    until = int(time.time()) + 1
    said = revoke("issued_before", "now", 1)
    closed(bob, said, "bob")
    told("bob", 0, said)
    core.unreachable(known, "bob, whose token is too old")
    refused("bob", bob.ua.token, "a token from before")
    refused("bob", flows.token("bob", "--no-iat"), "a token without iat")
    time.sleep(max(0.0, until + 1 - time.time()))
    new = accepted("bob", flows.token("bob"), "a token from afterwards")
    core.reaches(flows.contact("bob"), new, "bob with his new token")


bob, carol = registered("bob"), registered("carol")
dora = registered("dora", "--no-iat")
by_subject(by_jti())
by_time()
flows.eq(flows.counter("revoked_registrations"), 6, "registrations that revocations ended")
flows.eq(flows.counter("revocations"), len(flows.rows("webrtc_ims.revocations")), "revocations")
flows.eq(flows.counter("token_revoked"), 4, "requests that were refused so")
flows.done()
