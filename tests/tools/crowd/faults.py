# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What falls, when, and what became of it: faults of tests/lab/cluster.sh under
the load of a Crowd, and the claims that hold whatever falls."""

import json
import random
import threading
import time
from collections import Counter

from .crowd import Crowd, spread
from .store import Store

GRAVE = 5.0  # s after which nobody may ring into a dead node


class Load(threading.Thread):
    """Calls somebody who is registered, so many times a second."""

    def __init__(self, crowd, rate):
        super().__init__(name="load", daemon=True)
        self.crowd, self.pause, self.over, self.rows = crowd, 1 / rate, threading.Event(), []

    def run(self):
        while not self.over.wait(self.pause):
            live = self.crowd.live()
            now = random.choice(live).registration if live else None
            if now:
                self.rows.append(self.crowd.caller.call(now["impu"]))

    def end(self):
        """Stops it; the rows of its calls."""
        self.over.set()
        self.join()
        return self.rows


class Faults:
    """Faults of one run. say(text) prints, ok(good, what, seen) checks."""

    def __init__(self, crowd, ear, ok, say):
        self.crowd, self.place, self.ledger = crowd, crowd.place, crowd.ledger
        self.ear, self.ok, self.say = ear, ok, say
        self.store = Store(self.place.registrar)
        self.dead = []  # [edge, from, until] of each time that a node was dead or cut off

    # --- what falls
    def did(self, what, node):
        """A row of the ledger; returns its time."""
        return self.ledger.add("fault", fault=what, node=node)["t"]

    def kill(self, node):
        """kill -9 of an eP-CSCF."""
        self.place.run("kill", node)
        self.dead.append([node, self.did("kill", node), None])

    def run(self, node):
        """It is started again."""
        self.rises(node)
        self.place.run("run", node)
        self.did("run", node)

    def cut(self, node):
        """Cut off from core, store and the other nodes; its WICs stay."""
        self.dead.append([node, self.did("cut", node), None])
        self.place.run("cut", node, "mw", "store")

    def heal(self, node):
        """Back again; returns when."""
        self.rises(node)
        self.place.run("heal", node, "mw", "store")
        return self.did("heal", node)

    def rises(self, node):
        """From now on it may be rung again."""
        next(row for row in self.dead if row[0] == node and row[2] is None)[2] = time.monotonic()

    def redis_master(self):
        """Name of the Redis that has the entries, or most of them."""
        tags = Counter(entry.tag for entry in self.store.entries())
        tag = tags.most_common(1)[0][0]
        slot = self.place.run("redis", "cli", "r1", "CLUSTER", "KEYSLOT", f"wims:{{{tag}}}:lease").strip()
        return self.place.run("redis", "master", slot).strip()

    def redis(self, word, *names):
        """kill, run, freeze or thaw of Redis."""
        self.place.run("redis", word, *names)
        return self.did(f"redis {word}", " ".join(names))

    # --- what must hold
    def settles(self, what, since, within, but=()):
        """Everybody registered is reachable before long, and no IMPU has two
        users; WICs on the nodes in but are left out."""
        while True:
            at = time.monotonic() - since
            rung, missed = self.crowd.ring_all(but=but)
            if not missed or at > within:
                break
        self.say(f"{what}: {rung - len(missed)} of {rung} WICs reachable in a round of calls that began "
                 f"{at:.1f} s after it{f', not: {missed[:4]}' if missed else ''}")
        self.ok(rung and not missed, f"{what}: acknowledged, connected, not reachable after {within} s", len(missed))
        self.ok(not self.crowd.shared(), f"{what}: IMPUs with two users", self.crowd.shared())

    def stored(self):
        """Redis says of each live WIC what the WIC was told."""
        by_impu = {entry.impu: entry for entry in self.store.entries()}
        wrong = []
        for member in self.crowd.live():
            now = member.registration
            entry = by_impu.get(now["impu"])
            node = int(now["edge"].removeprefix("edge"))
            if not entry or node not in [contact.node for contact in entry.contacts]:
                wrong.append((member.name, now["impu"], "no contact"))
            elif entry.owner not in ("", member.user, member.ua.impu.removeprefix("sip:"), member.ua.impu):
                wrong.append((member.name, now["impu"], entry.owner))
        self.ok(not wrong, "Redis says of each WIC what it was told", wrong[:4])

    def graves(self):
        """INVITEs that went to a node more than 5 s after it had died, by
        whoever sent them first; the longest time that one call did so."""
        with open(self.ear, encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines.read().splitlines()[1:]) if row["method"] == "INVITE"]
        late, longest = Counter(), 0.0
        for edge, begin, end in self.dead:
            sent = {}
            for row in rows:
                if row["to"] == self.place.address(edge) and begin <= row["t"] < (end or row["t"] + 1):
                    sent.setdefault((row["call"], row["from"]), []).append(row["t"])
            for (_, source), times in sent.items():
                longest = max(longest, times[-1] - times[0])
                late[source] += times[0] > begin + GRAVE
        return +late, longest

    def nobody_rang_the_dead(self):
        """The claim about dead nodes."""
        late, longest = self.graves()
        self.say(f"calls into dead nodes: {sum(late.values())} later than {GRAVE:.0f} s after the death, "
                 f"longest {longest:.1f} s")
        self.ok(not late, f"calls that rang into a node dead for more than {GRAVE:.0f} s", dict(late))
        self.ok(longest <= GRAVE, "seconds that a call rang into a dead node", longest)

    def nothing_left(self, within):
        """All have left: no entry, no lease, before long."""
        began = time.monotonic()
        left = Crowd.until(within, lambda: not (self.store.entries() or any(n for n, _ in self.store.leases().values())))
        leases = self.store.leases()
        self.say(f"free again {time.monotonic() - began:.1f} s after all have left; "
                 f"leases that run, and that are over: {leases}")
        self.ok(left, f"IMPUs leaked {within} s after all have left", (self.store.entries()[:3], leases))

    def summary(self, calls):
        """What the ledger says, in a few lines."""
        oks, refused = self.ledger.of("ok"), self.ledger.of("refused")
        self.say(f"REGISTERs acknowledged: {spread([row['took'] for row in oks])}")
        self.say(f"refused: {dict(self.ledger.count('refused', 'status'))}, {spread([row['took'] for row in refused])}")
        self.say(f"connections lost: {dict(self.ledger.count('lost', 'code'))}")
        self.say(f"calls of the load: {dict(Counter(row['status'] for row in calls))}, "
                 f"{spread([row['took'] for row in calls if row['status']])}")
