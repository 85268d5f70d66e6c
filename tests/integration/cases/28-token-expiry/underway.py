# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens that end while a REGISTER is under way, or in a call that must not go
on. The core is an Mw of this program."""

import time

from flows import Flows
from tokens import closed_by_end, exp_of, until_exp
from wic import Dialog, Mw, WicClosed, WicTimeout, response

flows = Flows()
core = Mw(*flows.icscf, peer=flows.mw)
LIFE = 5
own = set()  # Call-IDs of WICs


def sent(wic, token=None):
    """REGISTER of that WIC, and what the core got."""
    msg = wic.ua.register(token=token)
    own.add(msg.call_id)
    wic.send_sip(msg)
    return msg, core.wait_for(lambda m: not m.is_response and m.call_id == msg.call_id
                              and m.cseq == msg.cseq)


def granted(got):
    """The core's 200."""
    core.send_sip(response(got, 200, headers=[("Contact", got.get("Contact") + ";expires=600")]))


def registered(user, life=LIFE):
    """A WIC with a token of that many seconds."""
    wic = flows.connected(user)
    wic.ua.token = flows.token(user, "--exp-in", str(life))
    msg, got = sent(wic)
    granted(got)
    flows.eq(wic.final(msg).status, 200, f"REGISTER of {user}")
    wic.known = got.get("Contact").split(";")[0]
    return wic


def taken_back(msg, wic):
    """Is it our own de-REGISTER of that WIC?"""
    return (msg.method == "REGISTER" and msg.call_id not in own and msg.get("Expires") == "0"
            and msg.get("Contact").split(";")[0] == wic.known)


def dereg(wic, who):
    """It comes, and is answered."""
    try:
        core.answer(core.wait_for(lambda msg: taken_back(msg, wic), 2), 200)
    except WicTimeout:
        flows.ok(False, f"de-REGISTER of {who}", "none")


def no_dereg(wic, who, seconds=0.05):
    """None has come so far."""
    try:
        core.wait_for(lambda msg: taken_back(msg, wic), seconds)
        flows.ok(False, f"no de-REGISTER of {who}")
    except WicTimeout:
        pass


def called(wic):
    """A call of that WIC with somebody in the core; both sides of it."""
    invite = wic.ua.invite("sip:zoe@ims.test")
    wic.send_sip(invite)
    got = core.expect("INVITE")
    ok = core.answer(got, 200, headers=[("Contact", f"<{core.uri}>")])
    dialog = Dialog.of_caller(wic.final(invite))
    wic.send_sip(wic.ua.ack(dialog))
    core.wait_for(lambda msg: not msg.is_response and msg.method == "ACK")
    return dialog, Dialog.of_callee(got, ok)


def info(wic, dialog):
    """INFO of the WIC, answered by the core."""
    msg = wic.ua.in_dialog(dialog, "INFO")
    wic.send_sip(msg)
    core.answer(core.expect("INFO"), 200)
    return wic.final(msg).status


flows.part("a token of another user, in a call")
victim = registered("erin", 600)
dialog, _ = called(victim)
before = flows.bindings("erin")
as_erin = victim.ua.register(token=flows.token("erin", "--sub", "frank"))
as_frank = victim.ua.register(token=flows.token("frank"))
for name in ("From", "To"):
    as_frank.set(name, as_frank.get(name).replace("erin", "frank"))
for stranger in (as_erin, as_frank):
    flows.eq(victim.ask(stranger).start, "SIP/2.0 403 Connection Belongs To Another User",
             "REGISTER with frank's token")
flows.eq([{**row, "expires": 0, "token": 0} for row in flows.bindings("erin")],
         [{**row, "expires": 0, "token": 0} for row in before], "binding of erin")
flows.eq(flows.bindings("frank"), [], "bindings of frank")
flows.ok(core.quiet(0.3), "the core hears nothing of it")
flows.eq(info(victim, dialog), 200, "INFO in erin's call")

flows.part("REGISTERs under way when the token ends")
lucky, refused, same, busy = (registered(user) for user in ("alice", "bob", "carol", "dora"))
called(busy)
until_exp(lucky.ua.token, -2.4)
lucky_first = lucky.ua.token
lucky.ua.token, refused.ua.token = flows.token("alice"), flows.token("bob")
lucky_msg, lucky_got = sent(lucky)
refused_msg, refused_got = sent(refused)
same_msg, same_got = sent(same)

closed_by_end(flows, same, exp_of(same.ua.token), "one with the same token under way")
closed_by_end(flows, busy, exp_of(busy.ua.token), "a call that must not go on")
order = [core.wait_for(lambda msg: msg.method == "BYE" or taken_back(msg, busy), 2) for _ in range(2)]
for msg in order:
    core.answer(msg, 200)
flows.eq([msg.method for msg in order], ["BYE", "REGISTER"], "what the core hears of it")
no_dereg(same, "the one with the same token, before the core has answered")
core.answer(same_got, 403)
dereg(same, "the one with the same token, afterwards")

until_exp(lucky_first, 1)
for wic in (lucky, refused):
    try:
        flows.ok(wic.ping() < 1, f"{wic.user}: the WebSocket is open")
    except WicClosed as why:
        flows.ok(False, f"{wic.user}: the WebSocket is open", why)
    no_dereg(wic, wic.user)
granted(lucky_got)
flows.eq(lucky.final(lucky_msg).status, 200, "the answer to the refresh")
core.answer(refused_got, 403)
end = time.time()
flows.eq(refused.final(refused_msg).status, 403, "the answer to the other refresh")
closed_by_end(flows, refused, end, "one whose refresh was refused")
dereg(refused, "the one whose refresh was refused")
row = flows.bindings("alice")[0]
flows.ok(row["token"] > 500, "the binding has the new token's end", row)
flows.ok(lucky.ping() < 1, "the WebSocket of the refreshed one is open")
no_dereg(lucky, "the refreshed one", 0.3)
flows.eq(flows.counter("token_ends"), 3, "registrations that ended with their token")
flows.done()
