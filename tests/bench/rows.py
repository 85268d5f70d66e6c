# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A row of the benchmarks: what is compared, how samples are taken, and the figures.

A row compares "ours" with what it is measured "against" and, in some, with a "bare"
limit below which nobody can be. One sample of each, close together, is a round; which
comes first changes from round to round, so what else the machine does meets all. Its
figures are medians over the rounds, of the ratio too (not the ratio of the medians);
the interval is the 95 % interval of that median by order statistics, which asks
nothing of the distribution."""

import math
import os
import statistics

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "21"))
SIDES = ("ours", "against", "bare")


def interval(values):
    """(low, high) that holds the median with at least 95 %."""
    values, n = sorted(values), len(values)
    out, k = 0.0, 0
    while out + 2 * math.comb(n, k) / 2**n <= 0.05:
        out += 2 * math.comb(n, k) / 2**n
        k += 1
    if k == 0:
        raise ValueError(f"{n} rounds are too few for a 95 % interval")
    return values[k - 1], values[n - k]


def quartiles(values):
    """First and third, as a measure of spread."""
    cuts = statistics.quantiles(values, n=4)
    return cuts[0], cuts[2]


def rounded(value):
    """Four digits; more would be noise."""
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return float(f"{value:.4g}")


class Row:
    """One comparison. Goals: ratio <= ratio_max, ours - against <= more_max, ours
    <= most, ours - bare <= bare_more; one of those that are set will do. It is met when
    the whole interval is within it."""

    def __init__(self, name, unit, ours, against, bare=None, ratio_max=None, more_max=None, most=None,
                 bare_more=None):
        self.name, self.unit = name, unit
        self.ours, self.against, self.bare = ours, against, bare
        self.ratio_max, self.more_max, self.most, self.bare_more = ratio_max, more_max, most, bare_more

    def works(self):
        """What is sampled in each round, in the order of SIDES."""
        return [self.ours, self.against] + ([self.bare] if self.bare else [])

    def goal(self):
        """In words."""
        words = []
        if self.ratio_max is not None:
            words.append(f"ratio <= {self.ratio_max:g}")
        if self.more_max is not None:
            words.append(f"against + {self.more_max:g} {self.unit}")
        if self.most is not None:
            words.append(f"ours <= {self.most:g} {self.unit}")
        if self.bare_more is not None:
            words.append(f"bare + {self.bare_more:g} {self.unit}")
        return " or ".join(words) or None

    def figures(self, rounds):
        """What is written down for rounds of samples (ours, against[, bare])."""
        columns = dict(zip(SIDES, zip(*rounds)))
        ratios, more = zip(*((r[0] / r[1], r[0] - r[1]) for r in rounds))
        beyond = [r[0] - r[-1] for r in rounds]
        goals = ((ratios, self.ratio_max), (more, self.more_max), (columns["ours"], self.most),
                 (beyond, self.bare_more))
        within = [interval(values)[1] <= most for values, most in goals if most is not None]
        figures = {
            "ratio": statistics.median(ratios), "ratio_interval": interval(ratios),
            "difference": statistics.median(more), "difference_interval": interval(more),
        }
        for side, values in columns.items():
            figures |= {side: statistics.median(values), f"{side}_spread": quartiles(values)}
        return {"name": self.name, "unit": self.unit,
                **{key: rounded(value) for key, value in figures.items()},
                "rounds": len(rounds), "goal": self.goal(), "met": any(within) if within else None,
                "samples": [rounded(r) for r in rounds]}


def take_all(works, sample, count=ROUNDS):
    """So many rounds of samples, each a dict by work; one before them warms up and is not
    counted."""
    taken = []
    for i in range(count + 1):
        turn = i % len(works)
        taken.append({work: sample(work) for work in works[turn:] + works[:turn]})
    return taken[1:]


def of_row(row, taken):
    """The samples of one row among those."""
    return [tuple(one[work] for work in row.works()) for one in taken]


def take(row, sample, count=ROUNDS):
    """The same of a row alone."""
    return of_row(row, take_all(row.works(), sample, count))
