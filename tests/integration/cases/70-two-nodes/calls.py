# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls for an IMPU that has WICs at two nodes."""

import time

from forking import Caller
from nodes import FlowToken, Nodes
from wic import Dialog

scene = Nodes()
here, there = scene.at(1), scene.at(2)
BOB, EVE = "sip:range1-bob@ims.test", "sip:range1-eve@ims.test"


def talks(caller, answer, phone, got, ok):
    """ACK, BYE of the caller; both go straight to the node that has the WIC."""
    scene.eq(answer.status, 200, "INVITE that one answers")
    dialog = caller.talk(answer)
    phone.expect("ACK")
    bye = caller.along(caller.ua.bye(dialog))
    phone.reply(phone.expect("BYE"), 200)
    scene.eq(caller.final(bye).status, 200, "BYE of the caller")
    return Dialog.of_callee(got, ok)


one, two = here.wic("range1-bob"), there.wic("range1-bob")
for at, winner, loser in ((here, two, one), (there, one, two), (here, one, two)):
    scene.part(f"two ring, one answers: called at {at.name}")
    caller = Caller(at)
    invite = caller.call(BOB)
    got = {phone: scene.rings(phone, "of two nodes") for phone in (one, two)}
    owners = [FlowToken.of_route(got[phone].values("Record-Route")[0]).node for phone in (one, two)]
    scene.eq(owners, [1, 2], "nodes in the Record-Routes")
    ok = winner.reply(got[winner], 200)
    answer = caller.final(invite)
    scene.cancelled(loser, got[loser], "the one that did not answer")
    talks(caller, answer, winner, got[winner], ok)
    scene.quiet((one, two), "after the call", 0.1)

scene.part("BYE of the WIC at the other node")
caller = Caller(here)
invite = caller.call(BOB)
at_one, at_two = scene.rings(one, "here"), scene.rings(two, "there")
ok = two.reply(at_two, 200)
answer = caller.final(invite)
scene.cancelled(one, at_one, "here, the other answers")
caller.talk(answer)
two.expect("ACK")
bye = two.ua.bye(Dialog.of_callee(at_two, ok))
two.send_sip(bye)
caller.answer(caller.expect("BYE"), 200)
scene.eq(two.final(bye).status, 200, "BYE of the WIC at the other node")

scene.part("one is lost at the other node, the one here is busy, or fails")
for code, order in ((486, "busy first"), (486, "lost first"), (500, "busy first"), (500, "lost first")):
    lost = there.wic("range1-eve")
    busy = here.wic("range1-eve")
    gone = there.stats()["connections"]
    invite = caller.call(EVE)
    scene.rings(lost, f"there, {order}")
    at_busy = scene.rings(busy, f"here, {order}")
    if order == "busy first":
        busy.reply(at_busy, code)
        busy.expect("ACK")
        scene.quiet((caller,), "while the one there rings", 0.2)
        lost.rst()
    else:
        lost.rst()
        scene.comes(gone - 1, lambda: there.stats()["connections"], "connections of the other node")
        busy.reply(at_busy, code)
    scene.eq(caller.ends(invite).status, code, f"INVITE, {order}")
    scene.leave(busy)

scene.part("the caller gives up, both stop")
invite = caller.call(BOB)
at_one, at_two = scene.rings(one, "here"), scene.rings(two, "there")
caller.wait_for(lambda m: m.is_response and m.status == 180)
scene.eq(caller.ask(caller.ua.cancel(invite)).status, 200, "CANCEL")
scene.cancelled(one, at_one, "here, the caller gives up")
scene.cancelled(two, at_two, "there, the caller gives up")
scene.eq(caller.ends(invite).status, 487, "INVITE that is cancelled")

scene.part("603 of one node's speaks for all, busy of both is busy")
invite = caller.call(BOB)
at_one, at_two = scene.rings(one, "here"), scene.rings(two, "there", 0)
two.reply(at_two, 603)
two.expect("ACK")
scene.cancelled(one, at_one, "after 603 of the other node's")
scene.eq(caller.ends(invite).status, 603, "INVITE that one declines")
invite = caller.call(BOB)
for phone in (one, two):
    phone.reply(scene.rings(phone, "busy", 0), 486)
    phone.expect("ACK")
scene.eq(caller.ends(invite).status, 486, "INVITE to two that are busy")
message = caller.call(BOB, "MESSAGE")
for phone in (one, two):
    phone.reply(phone.expect("MESSAGE"), 200)
scene.eq(caller.final(message).status, 200, "MESSAGE to two")
scene.leave(one, two)

scene.part("by q over nodes")
high, low = there.wic("range1-bob", "0.9"), here.wic("range1-bob", "0.5")
invite = caller.call(BOB)
at_high = scene.rings(high, "q=0.9 there")
scene.quiet((low,), "while q=0.9 rings at the other node")
high.reply(at_high, 480)
high.expect("ACK")
at_low = scene.rings(low, "q=0.5 here", 0)
ok = low.reply(at_low, 200)
talks(caller, caller.final(invite), low, at_low, ok)

scene.part("one who is at the other node only")
eve = here.wic("range1-eve")
caller = Caller(there)
invite = caller.call(EVE)
got = scene.rings(eve, "at the other node")
ok = eve.reply(got, 200)
talks(caller, caller.final(invite), eve, got, ok)

scene.part("the same, of a core that does not say who is called but in the Request-URI")
invite = caller.ua.invite(EVE)
caller.send_sip(invite.add("Record-Route", f"<sip:mt@{caller.addr[0]}:{caller.addr[1]};lr>"))
got = scene.rings(eve, "at the other node", 486)
scene.eq(got.all("P-Called-Party-ID"), [f"<{EVE}>"], "P-Called-Party-ID")
eve.expect("ACK")
scene.eq(caller.ends(invite).status, 486, "INVITE for the IMPU itself")

scene.part("a registrar that lies: whose call it is, the node of the WIC knows better")
entries = scene.redis("cli", "r1", "keys", "wims:*:e:*").splitlines()
bobs, eves = (next(key for key in entries if key.endswith(impu)) for impu in (BOB, EVE))
fields = scene.redis("cli", "r1", "hgetall", eves).splitlines()
at_eve = next(i for i, field in enumerate(fields) if field.startswith("c:"))
scene.redis("cli", "r1", "hset", bobs, *fields[at_eve:at_eve + 2])
invite = caller.call(BOB)
for phone in (high, low):
    phone.reply(scene.rings(phone, "who is called", 0), 486)
    phone.expect("ACK")
scene.eq(caller.ends(invite).status, 486, "INVITE for bob")
scene.quiet((eve,), "who has put herself in his place")
scene.leave(eve, high, low)

scene.part("one whose connection is lost, in its grace at the other node")
DAN = "sip:range1-dan@ims.test"
high, low = here.wic("range1-dan", "0.9"), there.wic("range1-dan", "0.5")
high.rst()
scene.comes(1, lambda: here.stats()["waiting"], "registrations in their grace")
invite = caller.call(DAN)
at_low = scene.rings(low, "whose turn comes at once", 0)
low.reply(at_low, 486)
low.expect("ACK")
scene.eq(caller.ends(invite).status, 486, "INVITE that skips the lost one")
scene.leave(low)
scene.eq(caller.ends(caller.call(DAN)).status, 480, "INVITE for one who is lost at the other node")
for node in (here, there):
    caller = Caller(node)
    scene.comes(480, lambda: caller.final(caller.call(EVE, "MESSAGE")).status, f"MESSAGE to one who has left, at {node.name}")
scene.part("a registrar that lies: which way the requests of a range go, only nodes say")


def ways(node):
    """Service-Routes of the ranges, as that node has them."""
    return {row["service_route"] for row in node.rows("webrtc_ims.ranges")}


lease = next(key for key in scene.redis("cli", "r1", "keys", "wims:*:reg").splitlines()
             if scene.redis("cli", "r1", "hget", key, "doc"))
unit, *lines = scene.redis("cli", "r1", "hget", lease, "doc").splitlines()
fields = unit.split("\t")
true_way = fields[6] if len(fields) > 6 else ""
unit = "\t".join(fields[:5] + ["3600000", "<sip:evil@192.0.2.66:5060;lr>"])
ahead = str(int(time.time() * 1000) + 8000)
unread = [node.counter("leases_unreadable") for node in (here, there)]
for what, doc in (("an unsealed document", [line for line in lines if line[0] != "s"]), ("a seal of another", lines)):
    scene.redis("cli", "r1", "hset", lease, "node", "9", "epoch", "1", "until", ahead,
                "doc", "\n".join([unit, *doc]) + "\n")
    for i, node in enumerate((here, there)):
        seen = unread[i] = unread[i] + 1
        scene.comes(True, lambda: node.counter("leases_unreadable") >= seen, f"{what} is none at {node.name}", 4)  # pylint: disable=cell-var-from-loop
        unread[i] = node.counter("leases_unreadable")
        scene.eq([way for way in ways(node) if "evil" in way], [], f"Service-Routes from {what} at {node.name}")
scene.redis("cli", "r1", "hset", lease, "until", "0")
scene.comes(True, lambda: ways(here) == ways(there) and true_way in ways(here), "the true way at both nodes", 6)
scene.done()
