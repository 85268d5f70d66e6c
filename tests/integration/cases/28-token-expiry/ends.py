# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The end of tokens, with a real core. All parts run at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor

from dialogs import call
from flows import CoreSide, Flows
from tokens import LATE, closed_by_end, exp_of, until_exp

flows = Flows()


def registered(user, life, *options):
    """A WIC whose registration rests on a token with that many seconds."""
    wic = flows.connected(user)
    wic.ua.token = flows.token(user, "--exp-in", str(life), *options)
    answer = wic.register()
    flows.eq(answer.status, 200, f"answer to REGISTER of {user}")
    return wic


def unbound(user, end):
    """Binding and contact in the core are gone in time."""
    flows.now(max(0.0, end - time.time()) + LATE, lambda: not flows.bindings(user),
              f"end of the binding of {user}")
    late = time.time() - end
    flows.ok(-0.01 <= late <= LATE, f"the binding of {user} ends in time", late)
    flows.now(end + LATE - time.time(), lambda: not flows.known(user), f"de-REGISTER of {user}")


def both_ways(wic, mine, peer, theirs, what):
    """Requests inside the dialog pass."""
    info = wic.ua.in_dialog(mine, "INFO")
    wic.send_sip(info)
    peer.reply(peer.expect("INFO"), 200)
    flows.eq(wic.final(info).status, 200, f"INFO of the WIC {what}")
    info = peer.ua.in_dialog(theirs, "INFO")
    peer.send_in_dialog(info)
    wic.reply(wic.expect("INFO"), 200)
    flows.eq(peer.final(info).status, 200, f"INFO for the WIC {what}")


def told(user, connection):
    """The event route ran, once."""
    line = (f"registration of sip:{user}@ims.test of shop ended with its token,"
            f" subject={user} connection={connection}")
    flows.comes(1, lambda: flows.count_log(line), f"log line of the event route for {user}")


def plain():
    """Nothing else going on."""
    core = CoreSide(flows)
    wic = registered("alice", 3)
    known, connection = flows.contact("alice"), flows.connection_of("alice")
    core.reaches(known, wic, "alice is registered")
    end = exp_of(wic.ua.token)
    closed_by_end(flows, wic, end, "alice")
    unbound("alice", end)
    core.unreachable(known, "alice, whose token has ended")
    told("alice", connection)


def call_goes_on():
    """An established call, and nothing new."""
    core, carol = CoreSide(flows), flows.core_ua("carol")
    wic = registered("wic1", 4)
    mine, theirs = call(wic, carol)
    known, connection = flows.contact("wic1"), flows.connection_of("wic1")
    unbound("wic1", exp_of(wic.ua.token))
    told("wic1", connection)
    flows.eq(flows.connections()[connection]["state"], "calls", "state of the connection of wic1")
    for what in (wic.ua.invite("sip:carol@ims.test"), wic.ua.message("sip:carol@ims.test", "hi")):
        answer = flows.status(wic, what, 403, f"{what.method} of a WIC whose token has ended")
        flows.ok(answer and answer.reason == "Not Registered", f"phrase to {what.method}", answer)
    core.unreachable(known, "wic1, whose token has ended")
    both_ways(wic, mine, carol, theirs, "whose token has ended")
    until_exp(wic.ua.token, LATE)
    flows.ok(wic.ping() < 1, "the WebSocket is open during the call")
    flows.quiet((carol,), "the other side of a call that goes on", 0.1)
    bye = carol.ua.bye(theirs)
    carol.send_in_dialog(bye)
    wic.reply(wic.expect("BYE"), 200)
    closed_by_end(flows, wic, time.time(), "wic1, after its call")


def ringing():
    """A call that is not answered."""
    bob = flows.phone("bob")
    wic = registered("wic2", 3)
    call(bob, wic, 180)
    end = exp_of(wic.ua.token)
    closed_by_end(flows, wic, end, "wic2, which rings")
    unbound("wic2", end)
    bob.drop()


def two_identities():
    """One WebSocket, a token for each."""
    core = CoreSide(flows)
    wic = registered("wic3", 3)
    first, ua = wic.ua.token, wic.ua
    ua.impu, ua.reg_call_id = "sip:wic4@ims.test", ua.reg_call_id[::-1]
    ua.token = flows.token("wic4", "--exp-in", "6", "--sub", "wic3")
    flows.eq(wic.register().status, 200, "REGISTER of the second identity")
    unbound("wic3", exp_of(first))
    core.reaches(flows.contact("wic4"), wic, "the identity whose token goes on")
    flows.ok(len(flows.bindings("wic4")) == 1, "the other binding stays")
    end = exp_of(ua.token)
    closed_by_end(flows, wic, end, "wic3 and wic4")
    unbound("wic4", end)


def fresher():
    """A new token in time, in a call."""
    core, other = CoreSide(flows), flows.phone("wic6")
    wic = registered("wic5", 4)
    first = wic.ua.token
    before = flows.bindings("wic5")[0]
    mine, theirs = call(wic, other)
    wic.ua.token = flows.token("wic5", "--exp-in", "60")
    flows.eq(wic.register().status, 200, "REGISTER with the new token")
    row = flows.bindings("wic5")[0]
    flows.ok(row["token"] > 50, "the binding has the new token's end", row)
    flows.ok(row["jti"] != before["jti"], "and its jti", row)
    flows.eq((row["connection"], row["contact"]), (before["connection"], before["contact"]),
             "connection and contact")
    until_exp(first, LATE)
    flows.eq(flows.connections()[row["connection"]]["calls"], 1, "calls of wic5")
    both_ways(wic, mine, other, theirs, "that has a new token")
    core.reaches(flows.contact("wic5"), wic, "a WIC with a new token")
    wic.drop()
    other.drop()


def older():
    """The token that came last ends first."""
    wic = registered("wic7", 60)
    wic.ua.token = flows.token("wic7", "--exp-in", "3")
    flows.eq(wic.register().status, 200, "REGISTER with a token that ends earlier")
    closed_by_end(flows, wic, exp_of(wic.ua.token), "wic7, with an older token")


def lost():
    """In its grace."""
    wic = registered("wic8", 3)
    wic.rst()
    flows.comes(0, lambda: flows.connection_of("wic8"), "connection of a lost one")
    end = exp_of(wic.ua.token)
    flows.ok(flows.known("wic8"), "the core knows wic8 while it waits")
    unbound("wic8", end)
    told("wic8", 0)


PARTS = (plain, call_goes_on, ringing, two_identities, fresher, older, lost)
with ThreadPoolExecutor(len(PARTS)) as pool:
    for part in [pool.submit(part) for part in PARTS]:
        part.result()
flows.eq(flows.counter("token_ends"), 7, "registrations that ended with their token")
flows.done()
