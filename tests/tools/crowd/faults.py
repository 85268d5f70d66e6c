# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What falls, when, and what became of it: faults of tests/lab/cluster.sh under
the load of a Crowd, and the claims that hold whatever falls."""

import json
import re
import time
from collections import Counter

from .crowd import Crowd, spread
from .standing import shared_for, told_another
from .store import Store

GRAVE = 5.0  # s after which nobody may ring into a dead node
SETTLING = 8.0  # s after a fault, or its end, in which a call may fail
NODE_PLANES = ("mw", "store")  # of a node that is cut off from everybody but its WICs


class Faults:
    """Faults of one run. say(text) prints, ok(good, what, seen) checks."""

    def __init__(self, crowd, ear, ok, say):
        self.crowd, self.place, self.ledger = crowd, crowd.place, crowd.ledger
        self.ear, self.ok, self.say = ear, ok, say
        self.store = Store(self.place.registrar)
        self.down = []  # [what, planes, from, until] of each node that was dead or cut off, each Redis that was frozen

    # --- what falls
    def falls(self, what, word, planes, *args):
        """It is down from now on; returns when."""
        at = self.ledger.add("fault", fault=word, node=what)["t"]
        self.down.append([what, planes, at, None])
        self.place.run(*args)
        return at

    def rises(self, what, word, *args):
        """It is up again when the command has ended; returns when."""
        row = next(row for row in self.down if row[0] == what and row[3] is None)
        row[3] = time.monotonic()
        self.place.run(*args)
        return self.ledger.add("fault", fault=word, node=what)["t"]

    def kill(self, node):
        """kill -9 of an eP-CSCF."""
        return self.falls(node, "kill", NODE_PLANES, "kill", node)

    def stop(self, node):
        """A clean stop of an eP-CSCF."""
        return self.falls(node, "stop", NODE_PLANES, "stop", node)

    def run(self, node):
        """It is started again."""
        return self.rises(node, "run", "run", node)

    def cut(self, node, planes=NODE_PLANES):
        """Cut off from others on these planes; its WICs stay."""
        return self.falls(node, "cut", planes, "cut", node, *planes)

    def heal(self, node):
        """Back again."""
        return self.rises(node, "heal", "heal", node)

    def kill_redis(self):
        """kill -9 of the Redis that has most entries, then started again when
        another one is the master; (name, when it was killed)."""
        slot = self.place.run("redis", "cli", "r1", "CLUSTER", "KEYSLOT", f"wims:{{{self.tag()}}}:lease").strip()
        master = self.place.run("redis", "master", slot).strip()
        return master, self.falls(master, "kill", ("store",), "redis", "kill", master)

    def run_redis(self, name):
        """It is started again."""
        return self.rises(name, "run", "redis", "run", name)

    def freeze(self, names):
        """These Redis stop."""
        return self.falls(" ".join(names), "freeze", ("store",), "redis", "freeze", *names)

    def thaw(self, names):
        """They go on."""
        return self.rises(" ".join(names), "thaw", "redis", "thaw", *names)

    # --- who is who
    def tag(self):
        """Of the block with most entries."""
        return Counter(entry.tag for entry in self.store.entries()).most_common(1)[0][0]

    def holder(self, within=6):
        """The eP-CSCF that registers the first range with IMS."""
        def told():
            rows = [re.search(r"\bnode: (\d+)", self.place.rpc(edge, "webrtc_ims.ranges")) for edge in self.place.edges]
            return [f"edge{row[1]}" for row in rows if row]
        return Crowd.until(within, told)[0]

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
        for member, now in [(member, member.registration) for member in self.crowd.live()]:
            entry = by_impu.get(now["impu"]) if now else None
            if now and (not entry or int(now["edge"].removeprefix("edge")) not in [c.node for c in entry.contacts]):
                wrong.append((member.name, now["impu"], "no contact"))
            elif now and entry.owner not in ("", f"sip:{member.user}@{self.place.domain}"):
                wrong.append((member.name, now["impu"], entry.owner))
        self.ok(not wrong, "Redis says of each WIC what it was told", wrong[:4])

    def graves(self):
        """Who sent INVITEs to a node more than 5 s after it had died or had
        been cut off, and how often; the longest time that one call went there."""
        with open(self.ear, encoding="utf-8") as lines:
            text = lines.read().rpartition("\n")[0]
        rows = [row for row in map(json.loads, text.splitlines()[1:]) if row["method"] == "INVITE"]
        late, longest = Counter(), 0.0
        for edge, planes, begin, end in self.down:
            sent = {}
            for row in rows if "mw" in planes else ():
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

    def nobody_shared(self):
        """What all WICs were told, over the whole run."""
        rows = self.ledger.since()
        shared, another = shared_for(rows), told_another(rows)
        closed = self.ledger.count("lost", "code")[4409]
        self.say(f"IMPUs that two users held at once: {len(shared)}, for {max(shared.values(), default=0):.1f} s at most; "
                 f"ended for that (4409): {closed}; users given another IMPU within their time: {len(another)}")
        self.ok(max(shared.values(), default=0) <= GRAVE, "s that two users held one IMPU", shared)
        self.ok(len(another) <= closed, "users given another IMPU within their time", another)

    def at_fault(self, row):
        """Why a call of the load may have failed; None if it had to come."""
        for what, _, begin, end in self.down:
            if row["edge"] == what and begin <= row["t"] <= (end or row["t"]):
                return "WIC at a node that is down"
            if begin - 1 <= row["t"] <= begin + SETTLING or end and end <= row["t"] <= end + SETTLING:
                return f"within {SETTLING:.0f} s of a fault"
            if not what.startswith("edge") and " " in what and begin <= row["t"] <= (end or row["t"]):
                return "Redis is frozen"
        return None

    def load_was_served(self, calls):
        """Calls of the load came to somebody, but for a reason."""
        failed = [row for row in calls if row["status"] != 486]
        why = Counter(self.at_fault(row) or "no reason" for row in failed)
        self.say(f"calls of the load: {dict(Counter(row['status'] for row in calls))}, "
                 f"{spread([row['took'] for row in calls if row['status']])}; failed: {dict(why)}")
        self.ok(not why["no reason"], "calls that failed for no reason", [row for row in failed if not self.at_fault(row)][:3])

    def nothing_left(self, within):
        """All have left: no entry, no lease, before long."""
        began = time.monotonic()
        left = Crowd.until(within, lambda: not (self.store.entries() or any(n for n, _ in self.store.leases().values())))
        leases = self.store.leases()
        self.say(f"free again {time.monotonic() - began:.1f} s after all have left; "
                 f"leases that run, and that are over: {leases}")
        self.ok(left, f"IMPUs leaked {within:.0f} s after all have left", (self.store.entries()[:3], leases))

    def summary(self):
        """What the ledger says of REGISTERs, in a few lines."""
        oks, refused = self.ledger.of("ok"), self.ledger.of("refused")
        self.say(f"REGISTERs acknowledged: {spread([row['took'] for row in oks])}")
        self.say(f"refused: {dict(self.ledger.count('refused', 'status'))}, {spread([row['took'] for row in refused])}")
        self.say(f"connections lost: {dict(self.ledger.count('lost', 'code'))}")
