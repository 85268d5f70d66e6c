# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""All WICs of a run and what must be true of them."""

import threading
import time
from collections import defaultdict

from wic import tls_context

from .caller import Caller
from .ledger import Ledger
from .member import Member
from .place import Place

STACK = 256 * 1024
RING_WITHIN = 4.0  # s that a call may take to come to a WIC


def spread(times):
    """How times (s) are spread, as text in ms."""
    times = sorted(times)
    if not times:
        return "none"
    at = {p: times[min(len(times) - 1, len(times) * p // 100)] * 1000 for p in (50, 99, 100)}
    return f"n {len(times)}, median {at[50]:.0f} ms, p99 {at[99]:.0f} ms, max {at[100]:.0f} ms"


class Crowd:
    """WICs in the lab of a directory; the ledger is written into a file."""

    def __init__(self, directory, ledger):
        threading.stack_size(STACK)
        self.place = Place(directory)
        self.ledger = Ledger(ledger)
        self.members = []
        self.context = tls_context(self.place.ca)
        self.caller = Caller(self.place).register()
        self.caller.start()

    # --- who takes part
    def join(self, name, user, edges=None, impu=None, expires=60):
        """One more WIC, started; edges: in the order it tries them."""
        member = Member(self.place, self.ledger, name, user, self.place.token(user, impu),
                        edges or list(self.place.edges), impu, expires, self.context)
        self.members.append(member)
        member.start()
        return member

    def live(self):
        """Those whose registration was acknowledged and stands."""
        return [member for member in self.members if member.live]

    def go_home(self, seconds):
        """All come back to the eP-CSCF that they prefer; True when they have."""
        for member in self.members:
            member.go_home()
        return self.until(seconds, lambda: all(member.live and member.edge == member.edges[0] for member in self.members))

    def all_live(self, seconds):
        """True once all are, within so many seconds."""
        return self.until(seconds, lambda: len(self.live()) == len(self.members))

    @staticmethod
    def until(seconds, test):
        """The first true value of test(), or its last one."""
        end = time.monotonic() + seconds
        while not (value := test()) and time.monotonic() < end:
            time.sleep(0.05)
        return value

    # --- calls
    def ring_all(self, rate=60, but=()):
        """Calls each IMPU of a live WIC once, but not of those on these nodes.
        (number of WICs that were to be rung, those that the call did not come
        to though their registration stood from before until after it)."""
        rows = {}
        at_impu = defaultdict(list)
        for member in self.live():
            now = member.registration
            if now and now["edge"] not in but:
                at_impu[now["impu"]].append((member, now["edge"]))
        for impu in at_impu:
            rows[impu] = self.caller.call(impu)
            time.sleep(1 / rate)
        self.until(RING_WITHIN, lambda: all(row["status"] for row in rows.values()))
        rang = {(row["call"], row["wic"]) for row in self.ledger.of("rang")}
        missed = []
        for impu, members in at_impu.items():
            for member, edge in members:
                now = member.registration
                same = now and (now["impu"], now["edge"]) == (impu, edge) and member.live
                if same and (rows[impu]["call"], member.name) not in rang:
                    missed.append((member.name, impu, edge, rows[impu]["status"]))
        return sum(map(len, at_impu.values())), missed

    # --- whose is what
    def shared(self):
        """IMPUs that live WICs of two users hold: {impu: users}."""
        users = defaultdict(set)
        for member, now in [(member, member.registration) for member in self.live()]:
            if now:
                users[now["impu"]].add(member.user)
        return {impu: sorted(who) for impu, who in users.items() if len(who) > 1}

    def end(self, seconds=20):
        """All leave; True when all have."""
        for member in self.members:
            member.leave()
        until = time.monotonic() + seconds
        for member in self.members:
            member.join(max(0.0, until - time.monotonic()))
        self.caller.end()
        return not any(member.is_alive() for member in self.members)
