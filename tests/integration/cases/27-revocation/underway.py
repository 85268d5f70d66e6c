# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens that are taken back while the core answers their REGISTER. The core
is an Mw of this program."""

import time

from flows import Flows
from wic import Mw, WicClosed, WicTimeout, response

flows = Flows()
core = Mw(*flows.icscf, peer=flows.mw)
own = set()  # Call-IDs of WICs


def sent(user, jti):
    """(WIC, its REGISTER, what the core got)"""
    wic = flows.connected(user)
    msg = wic.ua.register(token=flows.token(user, "--jti", jti))
    own.add(msg.call_id)
    wic.send_sip(msg)
    got = core.wait_for(lambda m: not m.is_response and m.call_id == msg.call_id)
    return wic, msg, got


def grant(got):
    """The core's 200."""
    core.send_sip(response(got, 200, headers=[("Contact", got.get("Contact") + ";expires=600")]))


def contact_of(msg):
    """Without its parameters."""
    return msg.get("Contact").split(";")[0]


def revoke(jti):
    """While nothing is registered by it."""
    answer = flows.rpc_all("webrtc_ims.revoke", "jti", "shop", jti)
    flows.ok("ended: 0\n" in answer, f"nothing is registered by {jti} yet", answer)


def taken_back(got, who):
    """The core is told in time; the table is empty of it."""
    start = time.monotonic()
    try:
        core.answer(core.wait_for(lambda msg: msg.method == "REGISTER" and msg.call_id not in own
                                  and msg.get("Expires") == "0" and contact_of(msg) == contact_of(got), 3), 200)
    except WicTimeout:
        flows.ok(False, f"de-REGISTER of {who}", "none")
    took = time.monotonic() - start
    flows.ok(took <= 2, f"the core is told of {who} in time", took)
    flows.part(f"{who}: the core was told after {took:.2f} s")


wic, msg, got = sent("dora", "a")
other, other_msg, other_got = sent("dora", "b")
gone, _, gone_got = sent("bob", "c")
revoke("a")
revoke("c")
grant(got)
grant(other_got)
try:
    flows.eq(wic.final(msg).status, 500, "answer to the REGISTER whose token was taken back")
except WicClosed:  # another process sends the Close frame, and may be first
    flows.part("the Close frame came before the answer")
flows.eq(wic.wait_close(2), (4401, "token_revoked"), "its Close frame")
taken_back(got, "the one whose token was taken back")
flows.eq(other.final(other_msg).status, 200, "answer to another token's REGISTER")
flows.ok(other.ping() < 1, "its WebSocket is open")

gone.drop()
flows.comes(1, lambda: flows.stats()["connections"], "connections that are left")
grant(gone_got)
taken_back(gone_got, "the one that had left before the answer")
flows.comes([1, 0, 0], lambda: [flows.stats()[name] for name in ("bindings", "waiting", "pending")],
            "what is left in the flow table")
flows.eq(flows.counter("revoked_registrations"), 2, "registrations that revocations ended")
flows.ok(core.quiet(0.3), "the core hears nothing else")
flows.done()
