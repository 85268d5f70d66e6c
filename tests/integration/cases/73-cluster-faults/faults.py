# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that can fall falls, under load."""

import os
import time

from clustered import Clustered
from crowd import Crowd, Faults, Load

CLAIMED, GIVEN, TWICE = 60, 50, 10  # WICs with an IMPU of their own; given one; of these on a second device
# Who claims stays registered through the time of a cut, who is given an IMPU has to come back in it.
CLAIMED_EXPIRES, GIVEN_EXPIRES = 240, 50
CUT, FROZEN = 60, 10  # s
QUARANTINE = 2  # s, of cluster.sh's block
CALLS = 8  # a second

scene = Clustered()
crowd = Crowd(scene.run, f"{scene.run}/../ledger.jsonl")
faults = Faults(crowd, f"{scene.run}/../mw.log", scene.ok, scene.part)
EDGES = list(crowd.place.edges)
ALL_REDIS = [f"r{i}" for i in range(1, 7)]


def from_edge(i):
    """All eP-CSCFs, another one first each time."""
    return EDGES[i % len(EDGES):] + EDGES[:i % len(EDGES)]


def until(moment):
    """Waits, with the load going on."""
    time.sleep(max(0.0, moment - time.monotonic()))


def all_back(what, since):
    """Everybody is registered again, where he was told, and reachable; then
    each node has as many as before."""
    scene.ok(crowd.all_live(15), f"{what}: all WICs are registered", len(crowd.live()))
    scene.ok(crowd.go_home(10), f"{what}: all WICs are where they were", len(crowd.live()))
    faults.settles(what, since, 10)
    faults.stored()


def restarts(node, down, what):
    """A node goes down and comes back."""
    at = down(node)
    faults.settles(f"{node} is {what}", at, 8)
    all_back(f"{node} is started again", faults.run(node))


def redis_falls(cut):
    """While a node is cut off, so is a master of Redis, and then all freeze."""
    master, at = faults.kill_redis()
    faults.settles(f"Redis {master} is killed", at, 12, (cut,))
    faults.run_redis(master)
    until(at + 20)
    at = faults.freeze(ALL_REDIS)
    until(at + FROZEN)
    faults.settles("Redis was frozen", faults.thaw(ALL_REDIS), 10, (cut,))


def one_round(turn):
    """All faults once: the nodes that register blocks with IMS in one round,
    others in the next."""
    holds = turn % 2 == 0
    holder = faults.holder()
    others = [edge for edge in EDGES if edge != holder]
    restarts(holder if holds else others[0], faults.kill, "killed")
    restarts(others[1], faults.stop, "stopped")
    holder = faults.holder()
    cut = holder if holds else next(edge for edge in EDGES if edge != holder)
    at = faults.cut(cut, ("mw", "store") if holds else ("store",))
    until(at + 5)
    faults.settles(f"{cut} is cut off", at, 10, (cut,))
    redis_falls(cut)
    until(at + CUT)
    stayed = [member for member in crowd.live() if member.registration["since"] < at and member.registration["edge"] == cut]
    healed = faults.heal(cut)
    faults.settles(f"{cut} is healed", healed, 8)
    scene.part(f"{len(stayed)} WICs stayed connected to {cut} and registered all the time")
    scene.ok(len(stayed) >= 5, "WICs that stayed registered", len(stayed))
    all_back("all faults are over", healed)


for i in range(CLAIMED):
    crowd.join(f"claimed{i}", f"user{i}", from_edge(i), f"sip:range1-user{i}@ims.test", CLAIMED_EXPIRES)
for i in range(GIVEN):
    crowd.join(f"given{i}", f"guest{i}", from_edge(i), None, GIVEN_EXPIRES)
scene.ok(crowd.all_live(20), "all WICs are registered", len(crowd.live()))
for i in range(TWICE):
    crowd.join(f"second{i}", f"guest{i}", from_edge(i + 1), None, GIVEN_EXPIRES)
all_back("start", time.monotonic())
load = Load(crowd, CALLS)
load.start()
for turn in range(int(os.environ["ROUNDS"])):
    scene.part(f"round {turn + 1}")
    one_round(turn)
calls = load.end()
scene.part("at the end")
scene.ok(crowd.end(), "all WICs leave")
faults.nobody_rang_the_dead()
faults.nobody_shared()
faults.load_was_served(calls)
faults.nothing_left(GIVEN_EXPIRES + QUARANTINE)
faults.summary()
scene.eq(int(scene.core("leaks")), 0, "access tokens in the core")
scene.done()
