# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many REGISTERs a second a server takes: the highest rate at which 99 of 100 are
answered 200 within 200 ms, counted from when each was due. It is looked for by halves;
one that is refused, or that comes too late for the generator to wait, was not answered in
time."""

import math
import os
import sys

from rows import Row

ROUNDS = 6  # the fewest that give a 95 % interval
P99_US, FAILED = 200_000, 0.01
LATE_US = 50_000  # of wims-load itself, in the mean
STEP = float(os.environ.get("CAPACITY_STEP", "2"))  # s
FIRST, NEAR = 500, 1.04  # rate to begin with; where to stop
QUIET, CALM = 100, 20  # rate, and how many times at most, after one that was too much


def rows():
    """Ours, and a stock registrar."""
    for what in ("cached", "fresh", "web"):
        yield Row(f"wss-capacity-{what}", "1/s", what, "stock")


class Search:
    """At one server, again and again; what was found helps the next one."""

    def __init__(self, load):
        self.load, self.found, self.steps = load, None, []

    def holds(self, rate):
        """Is this rate answered in time?"""
        said = self.load.do("refresh", round(rate), STEP)
        failed = 1 - said["ok"] / said["asked"]
        p99 = said["us"]["p99"] if said["ok"] else math.inf
        good = p99 <= P99_US and failed <= FAILED
        late = said["late_us"]["mean"]
        self.steps.append((round(rate), p99, failed, late))
        if not good and late > LATE_US:
            print(f"bench: at {round(rate)} a second wims-load was late itself: {self.load.name} may do more", file=sys.stderr)
        if not good:
            self.calm()
        return good

    def calm(self):
        """Until it answers at once again."""
        for _ in range(CALM):
            said = self.load.do("refresh", QUIET, 0.5)
            if said["ok"] == said["asked"] and said["us"]["p99"] <= P99_US:
                return
        raise SystemExit(f"bench: {self.load.name} is still not well after {self.steps[-1][0]} REGISTERs a second")

    def bracket(self):
        """A rate that holds, and one that does not."""
        low = high = None
        rate, factor = (self.found, 1.15) if self.found else (FIRST, 2)
        while low is None or high is None:
            if self.holds(rate):
                low, rate = rate, rate * factor
            else:
                high, rate = rate, rate / factor
        return low, high

    def find(self):
        """The capacity."""
        low, high = self.bracket()
        while high / low > NEAR:
            middle = math.sqrt(low * high)
            if self.holds(middle):
                low = middle
            else:
                high = middle
        self.found = low
        return low

    def curve(self):
        """Of all steps: rate, 99th percentile in us (None: nothing was answered), part that failed, and
        how late they were sent, in the mean."""
        return [[rate, p99 if math.isfinite(p99) else None, round(failed, 4), late]
                for rate, p99, failed, late in sorted(self.steps)]
