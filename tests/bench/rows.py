# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A row of the benchmarks: what is compared, how samples are taken, and the figures.

A row compares "ours" with what it is measured "against" and, in some, with a "bare"
limit below which nobody can be. One sample of each, close together, is a round; which
comes first, and which comes after which, changes from round to round, so what else the
machine does, and what one leaves behind for the next, meets all. Its figures are medians over the rounds, of the ratio too (not the ratio of the medians);
the interval is the 95 % interval of that median by order statistics, which asks
nothing of the distribution."""

import math
import os
import statistics
import sys
import time
import traceback

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

    def missing(self, why):
        """In place of figures."""
        return {"name": self.name, "unit": self.unit, "goal": self.goal(), "met": None, "why": str(why)}

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


# What a sample may end with. SystemExit: what was measured did not do as it was told.
FAILURES = (Exception, SystemExit)


def noted(error):
    """Why there is no figure, on the terminal too."""
    if not isinstance(error, SystemExit):
        traceback.print_exception(error)
    why = str(error).removeprefix("bench: ") or type(error).__name__
    print(f"bench: {why}", file=sys.stderr)
    return why


class Taken:
    """Rounds of samples, each a dict by work, and why there are none of some works."""

    def __init__(self):
        self.rounds, self.failed = [], {}

    def sample(self, works, sample):
        """One round; a work that fails is not asked again."""
        self.rounds.append({})
        for work in works:
            if work not in self.failed:
                try:
                    self.rounds[-1][work] = sample(work)
                except FAILURES as error:  # pylint: disable=broad-except # whatever it is, the others stand
                    self.failed[work] = noted(error)

    def figures(self, row, part=lambda value: value):
        """Of a row; part: what of a sample is the row's."""
        for work in row.works():
            if work in self.failed:
                return row.missing(self.failed[work])
        return row.figures([tuple(part(one[work]) for work in row.works()) for one in self.rounds])


def order(works, i):
    """Of round i: in turn, and every second one backwards, so that none always follows the same one."""
    turn = i // 2 % len(works)
    turned = works[turn:] + works[:turn]
    return turned[::-1] if i % 2 else turned


def take_all(works, sample, count=ROUNDS):
    """So many rounds; one before them warms up and is not counted."""
    taken = Taken()
    for i in range(count + 1):
        taken.sample(order(works, i), sample)
    del taken.rounds[0]
    return taken


def take(row, sample, count=ROUNDS):
    """The figures of a row alone."""
    return take_all(row.works(), sample, count).figures(row)


def guarded(rows, found):
    """What a group of rows finds, and why the others of it have no figures."""
    left = {row.name: row for row in rows}
    try:
        for figures in found:
            left.pop(figures["name"])
            yield figures
    except FAILURES as error:  # pylint: disable=broad-except # the other groups stand
        why = noted(error)
        yield from (row.missing(why) for row in left.values())


def measured(groups, args, wanted):
    """Those that are wanted of groups (rows(), measure(args, rows))."""
    for all_of, group in groups:
        rows = list(filter(wanted, all_of()))
        if rows:
            begin = time.monotonic()
            yield from guarded(rows, group(args, rows))
            print(f"bench: {rows[0].name} to {rows[-1].name}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
