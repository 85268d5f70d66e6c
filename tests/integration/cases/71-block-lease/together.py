# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Both nodes live."""

from leases import LEASE, OF_TWO, RANGE, Leases

scene = Leases()
carol = scene.core_ua("carol")


def wics_at_both(first):
    """A WIC of the range at each node; both know the way into the core."""
    wics = [node.joins(RANGE, first + i) for i, node in enumerate(scene.both)]
    scene.calls(wics[0], carol)
    scene.calls(wics[1], carol)
    return wics


scene.part("one registers it for both")
scene.all_are("registered", 5)
holder, other = scene.holder()
scene.eq(scene.said_to_core(), (1, 0), "REGISTERs and de-REGISTERs in the core")
scene.in_core(holder)
scene.eq(scene.row(other)["registered_by"], "other", "who registers it, says the other")
scene.eq(scene.row(other)["node"], scene.row(holder)["node"], "its number")
scene.know_each_other()
wics = wics_at_both(101)
for wic in wics:
    scene.called(carol, wic)

scene.part("one range has a P-CSCF of its own")
scene.comes([("registered", "other", 2), ("registered", "ours", 2)],
            lambda: [tuple(scene.row(node, OF_TWO).get(name) for name in ("state", "registered_by", "node"))
                     for node in scene.both], "who registers it")
answer = scene.at(1).rpc_all("webrtc_ims.range", "register", OF_TWO.wildcard)
scene.ok("409" in answer, "an order to node 1", answer)
scene.called(carol, scene.at(1).joins(OF_TWO, 111))
scene.eq(scene.state_in_core(OF_TWO), 1, "Contacts in the core")

scene.part("Redis is frozen for longer than a lease")
scene.redis("freeze", "r1")
scene.stays([("registered", "registered"), (1, 0)],
            lambda: [tuple(scene.row(node).get("state") for node in scene.both), scene.said_to_core()],
            "the range at both, and REGISTERs", LEASE + 2)
scene.redis("thaw", "r1")
holder, other = scene.holder(5)
scene.in_core(holder, 3)
scene.all_are("registered")
scene.ok(scene.said_to_core() in ((1, 0), (2, 1)), "REGISTERs and de-REGISTERs in the core", scene.said_to_core())
for wic in wics:
    scene.eq(wic.closed, None, f"Close of {wic.user}")

scene.part("out of service, by order to the node that does not register it")
other.rpc("webrtc_ims.range", "deregister", RANGE.wildcard)
scene.all_are("by_hand", 4)
for wic in wics:
    scene.closes(wic, 4503)
scene.comes(0, lambda: scene.state_in_core(RANGE), "Contacts in the core")
holder.rpc("webrtc_ims.range", "register", RANGE.wildcard)
scene.all_are("registered", 3)
scene.in_core(holder)
wics = wics_at_both(201)

scene.part("the core takes it away")
scene.is_told(holder)
scene.rtr(f"sip:{RANGE.member(201)}@ims.test")
for wic in wics:
    scene.closes(wic, 4503)
scene.all_are("registered", 10)
scene.eq(sum(node.counter("leases_unreadable") for node in scene.both), 0, "documents that could not be read")
scene.done()
