# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The registrar is away; a node dies and comes back."""

import time

from forking import Caller
from nodes import Nodes
from scene import until
from wic import WicTimeout

scene = Nodes()
here, there = scene.at(1), scene.at(2)
BOB, EVE, ANN, GUS = (f"sip:range1-{name}@ims.test" for name in ("bob", "eve", "ann", "gus"))
one, two = here.wic("range1-bob"), there.wic("range1-bob")
eve, ann = there.wic("range1-eve"), here.wic("range1-ann")
caller = Caller(here)


def sends(phone, want, what):
    """A request of a WIC: 404 of the core says that it went there."""
    message = phone.ua.message("sip:nobody@ims.test", "hi")
    answer = phone.ask(message)
    scene.eq(answer.status in (404, 480, 604), want, f"{what}: {answer.start}")
    return answer.status


def busy(phone, what):
    """It rings, and is busy."""
    phone.reply(scene.rings(phone, what, 0), 486)
    phone.expect("ACK")


def rings(impu, *phones):
    """One more call: at how many of these does it ring?"""
    invite, rang = caller.call(impu), 0
    for phone in phones:
        try:
            # a node that goes on brings those of earlier calls first
            got = phone.wait_for(lambda msg: msg.method == "INVITE" and msg.call_id == invite.call_id, 0.5)
            phone.reply(got, 486)
            phone.expect("ACK")
            rang += 1
        except WicTimeout:
            pass
    caller.ends(invite)
    return rang


scene.part("a request of a WIC: the registrar is asked")
sends(one, True, "of one who is registered")


def entry_of(impu):
    """Its key in Redis."""
    return next(key for key in scene.redis("cli", "r1", "keys", "wims:*:e:*").splitlines() if key.endswith(impu))


entry = entry_of(ANN)
scene.redis("cli", "r1", "del", entry)
status = ann.ask(ann.ua.message("sip:nobody@ims.test", "hi")).status
scene.eq(status, 403, "of one whom the registrar does not know any more")
scene.comes(1, lambda: int(scene.redis("cli", "r1", "exists", entry)), "entry that is made again")
sends(ann, True, "when the registrar knows of it again")

scene.part("a WIC moves to the other node, and the first one does not notice")
ghost, gus = here.wic("range1-gus"), there.connected("range1-gus")
contact = f'{gus.ua.contact};+sip.instance="{ghost.ua.instance}";reg-id=1'
scene.eq(gus.ask(gus.ua.register(contact=contact)).status, 200, "REGISTER at the other node")


def nodes_of(impu):
    """The nodes of its contacts, as Redis has them."""
    values = scene.redis("cli", "r1", "hvals", entry_of(impu)).splitlines()
    return [value.split()[1] for value in values if value.count(" ") > 4]


scene.eq(nodes_of(GUS), ["2"], "node of who has moved")
again = here.counter("registrar_again")

scene.part("the registrar is frozen for longer than a node may be silent: what this node knows")
local = here.counter("registrar_local")


def alive(node=here):
    """The numbers of the nodes that live, as that one sees it."""
    return sorted(row["node"] for row in node.rows("webrtc_ims.nodes") if row["alive"] == "yes")


scene.eq((alive(), alive(there)), ([1, 2], [1, 2]), "nodes that live")
scene.redis("freeze", "r1")
frozen = time.monotonic()
invite = caller.call(BOB)
busy(one, "who is here")
scene.eq(caller.ends(invite).status, 486, "INVITE while the registrar is frozen")
scene.quiet((two,), "who is at the other node, while nobody can say so")
began = time.monotonic()
scene.eq(caller.ends(caller.call(EVE)).status, 480, "INVITE for one who is not here")
scene.ok(time.monotonic() - began < 3, "seconds without the registrar", time.monotonic() - began)
sends(one, True, "while the registrar is frozen")
new = there.connected("range1-new")
scene.eq(new.ask(new.ua.register()).status, 503, "REGISTER of somebody new, while the registrar is frozen")
new.drop()
scene.ok(here.counter("registrar_local") >= local + 3, "requests that were judged without it are counted")
until(4, lambda: time.monotonic() - frozen > 3.5)
scene.redis("thaw", "r1")
dead = []
until(10, lambda: dead.append(len(alive()) + len(alive(there)) < 4) or rings(BOB, one, two) == 2)
scene.eq((rings(BOB, one, two), any(dead)), (2, False), "WICs that ring when the registrar is back; a node was given up")

scene.comes(True, lambda: here.counter("registrar_again") >= again + 4, "both rounds of contacts that are told again", 8)
scene.eq(nodes_of(GUS), ["2"], "node of who has moved, when both have told what they have")
sends(gus, True, "of one who has moved")
ghost.drop()

scene.part("the other node is killed; one of its WICs rings, another one talks")
first, second, held = Caller(here), Caller(here), Caller(here)
at_eve, at_bob = first.call(EVE), held.call(BOB)
scene.rings(eve, "before its node dies")
at_one, at_two = scene.rings(one, "before the other node dies", 0), scene.rings(two, "before its node dies", 0)
ok = two.reply(at_two, 200)
dialog = held.talk(held.final(at_bob))
scene.cancelled(one, at_one, "the other answers")
two.expect("ACK")
first.wait_for(lambda m: m.is_response and m.status == 180)
both = second.call(BOB)
left = scene.rings(one, "who is left", 180)
scene.rings(two, "who is lost in a moment", 180)
command = there.kill()
died = time.monotonic()
scene.comes([1], alive, "nodes that live", 10)
scene.ok(time.monotonic() - died < 7, "seconds until it counts no more", time.monotonic() - died)
scene.eq(first.ends(at_eve, 5).status, 480, "INVITE that rang at the dead node")
scene.ok(time.monotonic() - died < 7.5, "seconds that it rang there, and not RING_MS", time.monotonic() - died)
scene.comes(2, lambda: here.counter("peer_lost"), "branches that were ended with it")
scene.quiet((second,), "the caller whom another WIC may answer")
ok = one.reply(left, 200)
answer = second.final(both)
scene.eq(answer.status, 200, "INVITE that the one who is left answers")
talk = second.talk(answer)
one.expect("ACK")
bye = second.along(second.ua.bye(talk))
one.reply(one.expect("BYE"), 200)
scene.eq(second.final(bye).status, 200, "BYE")
before = here.counter("peer_requests")
scene.eq(caller.ends(caller.call(EVE)).status, 480, "INVITE for one at the dead node")
invite, began = caller.call(BOB), time.monotonic()
busy(one, "who is left")
scene.eq(caller.ends(invite).status, 486, "INVITE without the dead node")
scene.ok(time.monotonic() - began < 5, "seconds of that call", time.monotonic() - began)
scene.eq(here.counter("peer_requests"), before, "requests that went to the dead node")

scene.part("it is started again: what it had counts no more")
there.start_again(command)
scene.comes([1, 2], alive, "nodes that live")
scene.eq(caller.ends(caller.call(EVE)).status, 480, "INVITE for one who was there before")
scene.eq(here.counter("peer_requests"), before, "requests sent on for him")
bye = held.along(held.ua.bye(dialog))
scene.eq(held.final(bye).status, 430, "BYE in a dialog of its earlier start")
eve = there.wic("range1-eve")
scene.comes(1, lambda: rings(EVE, eve), "who is registered there anew rings")

scene.part("it is silent, but not yet given up")
there.freeze()
invite, began = caller.call(EVE), time.monotonic()
scene.eq(caller.ends(invite).status, 480, "INVITE for one at a node that is silent")
scene.ok(1.5 < time.monotonic() - began < 7.5, "seconds until that branch is given up", time.monotonic() - began)
there.thaw()
scene.comes(1, lambda: rings(EVE, eve), "who rings again when it goes on", 8)
scene.leave(one, eve, ann)
scene.done()
