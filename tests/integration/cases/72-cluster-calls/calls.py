# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs on three eP-CSCFs, a subscriber of the core, and an eI-CSCF between."""

import time

from clustered import Clustered
from crowd.store import Store
from dialogs import talk

scene = Clustered()
EDGES = list(scene.place.edges)
TESTER, ICSCF, SCSCF, EICSCF = (f"10.20.2.{n}" for n in (100, 30, 31, 32))
carol = scene.core_ua("carol")
wics = {edge: scene.at(edge).wic(f"range1-on-{edge}") for edge in EDGES}


def way(invite):
    """Hosts between which that INVITE went; in no order, each is heard at a port of its own."""
    return {(row["from"], row["to"]) for row in scene.on_mw() if row["method"] == "INVITE" and row["call"] == invite.call_id}


scene.part("each calls one on each other node")
for here in EDGES:
    for there in EDGES:
        if here != there:
            caller, callee = wics[here], wics[there]
            invite = caller.call(caller.ua.invite(callee.impu))
            talk(scene, caller, invite, callee, scene.rings(callee, f"{here} calls {there}"))

scene.part("one IMPU on all nodes: it rings at all, one wins")
BOB = "range1-bob"
bobs = [scene.at(edge).wic(BOB) for edge in EDGES]
for caller, winner in ((carol, 0), (carol, 1), (wics[EDGES[0]], 2), (wics[EDGES[2]], 0)):
    who = f"{caller.user} calls, {EDGES[winner]} answers"
    invite = caller.call(caller.ua.invite(bobs[0].impu))
    rings = [scene.rings(bob, f"{who}, {edge}") for bob, edge in zip(bobs, EDGES)]
    talk(scene, caller, invite, bobs[winner], rings[winner])
    for bob, got in zip(bobs, rings):
        if bob is not bobs[winner]:
            scene.cancelled(bob, got, who)

scene.part("all are busy; the eI-CSCF let the call pass")
invite = carol.call(carol.ua.invite(bobs[0].impu))
for bob, edge in zip(bobs, EDGES):
    bob.reply(scene.rings(bob, f"busy, {edge}", 0), 486)
    bob.expect("ACK")
final = carol.final(invite)
carol.send_hop(carol.ua.ack_failure(invite, final))
scene.eq(final.status, 486, "call to three that are busy")
way_there = {(TESTER, SCSCF), (SCSCF, EICSCF), (EICSCF, ICSCF)}
scene.comes(way_there, lambda: way(invite) & way_there, "way of its INVITE")

scene.part("by q, over the nodes")
scene.leave(*bobs)
high, low = scene.at(EDGES[1]).wic(BOB, "0.9"), scene.at(EDGES[2]).wic(BOB, "0.4")
invite = carol.call(carol.ua.invite(high.impu))
at_high = scene.rings(high, "q=0.9")
scene.quiet((low,), "while q=0.9 rings")
high.reply(at_high, 486)
high.expect("ACK")
talk(scene, carol, invite, low, scene.rings(low, "q=0.4"))
scene.leave(high, low)

scene.part("who has left is nowhere: the eI-CSCF says so")
store = Store(scene.place.registrar)
scene.comes(0, lambda: sum(len(entry.contacts) for entry in store.entries() if entry.impu == high.impu),
            "contacts in Redis, which is told behind the 200")
began = time.monotonic()
invite = carol.call(carol.ua.invite(high.impu))
final = carol.final(invite)
carol.send_hop(carol.ua.ack_failure(invite, final))
scene.eq(final.status, 480, "call to one who has left")
scene.ok(time.monotonic() - began < 4, "it is refused at once", time.monotonic() - began)
scene.comes({(TESTER, SCSCF), (SCSCF, EICSCF)}, lambda: way(invite), "how far its INVITE came")
scene.leave(*wics.values())
scene.eq(int(scene.core("leaks")), 0, "access tokens in the core")
scene.done()
