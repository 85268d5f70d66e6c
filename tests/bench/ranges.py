# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lookups in sets of ranges: build/bench/bench_range measures, without Kamailio.

A row has a median, its 99 % and a goal; and how many times as long engines take
that try the same ranges one after the other."""

import subprocess

from rows import Row

# Of ranges: goal of a hit, in us.
SIZES = {1_000: 0.5, 100_000: 1, 1_000_000: 2}
MISS, LOAD, BYTES = 0.3, 5, 200


def goals():
    """Row -> unit and goal (None: printed as it is)."""
    for count, hit in SIZES.items():
        yield f"range-hit-{count}", ("us", hit)
        yield f"range-near-{count}", ("us", None)
        yield f"range-miss-{count}", ("us", MISS)
        yield f"range-load-{count}", ("s", LOAD)
        yield f"range-bytes-{count}", ("bytes", BYTES)


def figures(name, cells):
    """What is written down for a line of bench_range."""
    ours, p99, pcre2, regexec = (None if cell == "-" else float(cell) for cell in cells)
    unit, goal = dict(goals())[name]
    return {"name": name, "unit": unit, "ours": ours, "p99": p99, "goal": goal,
            "met": None if goal is None else ours <= goal,
            "pcre2": pcre2, "regexec": regexec}


def rows():
    """All of them."""
    return [Row(name, unit, None, None, most=goal) for name, (unit, goal) in goals()]


def ranges(args, wanted):
    """Figures of all rows that are wanted; sets of other sizes are not made."""
    names = {row.name for row in wanted}
    sizes = [str(n) for n in SIZES if any(name.endswith(f"-{n}") for name in names)]
    lines = subprocess.run([args.range_program, *sizes], stdout=subprocess.PIPE, text=True, check=True).stdout
    for name, *cells in map(str.split, lines.splitlines()):
        if name in names:
            yield figures(name, cells)


GROUPS = ((rows, ranges),)


def cell(value):
    """Three digits, or nothing."""
    return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def times(row, engine):
    """How long the other engine took, and the ratio."""
    took = row[engine]
    return "" if took is None else f"{cell(took)} ({cell(took / row['ours'])} times)"


def table(results):
    """Markdown."""
    lines = ["| row | unit | median | p99 | goal | met | linear PCRE2 | linear regexec |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in results:
        met = {True: "yes", False: "**no**", None: ""}[r["met"]]
        goal = "" if r["goal"] is None else f"<= {r['goal']:g}"
        lines.append(f"| {r['name']} | {r['unit']} | {cell(r['ours'])} | {cell(r['p99'])} | {goal} | {met} "
                     f"| {times(r, 'pcre2')} | {times(r, 'regexec')} |")
    return "\n".join(lines)
