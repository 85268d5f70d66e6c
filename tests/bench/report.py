# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes out of the benchmarks: tables, and the figures that they are made from.

docs/benchmarks/bench.json has the rows of each table; the tables of README.md beside it
are written from that. A run puts its rows in place of those of the same name and keeps
the others, each with the machine that it was taken on.

  report.py README.md RAW.json...   the tables anew, without measuring anything"""

import json
import os
import sys

import ranges


def shown(value):
    """Digits enough to tell small figures apart."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(result, side):
    """Median and quartiles, or nothing."""
    if side not in result:
        return ""
    low, high = result[side + "_spread"]
    return f"{shown(result[side])} ({shown(low)} to {shown(high)})"


def table(results):
    """Markdown, which reads well on a terminal too."""
    lines = ["| row | unit | ours | against | bare | ratio (95 %) | difference (95 %) | goal | met |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in results:
        low, high = r["ratio_interval"]
        less, more = r["difference_interval"]
        met = {True: "yes", False: "**no**", None: ""}[r["met"]]
        lines.append(
            f"| {r['name']} | {r['unit']} | {spread(r, 'ours')} | {spread(r, 'against')} | {spread(r, 'bare')} "
            f"| {r['ratio']:.3f} ({low:.3f} to {high:.3f}) "
            f"| {shown(r['difference'])} ({shown(less)} to {shown(more)}) | {r['goal'] or ''} | {met} |")
    return "\n".join(lines)


def plain_table(rows):
    """Of rows that have one figure each."""
    lines = [f"| {r['name']} | {r['ours']:g} | {r['unit']} |" for r in rows]
    return "\n".join(["| row | figure | unit |", "| --- | --- | --- |", *lines])


def form(name):
    """How a table of that name is drawn."""
    return {"ranges": ranges.table, "scale": plain_table}.get(name, table)


def read_raw(path):
    """Tables by name; none where there is no file yet."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def write_raw(path, tables):
    """A line for each row, so that a change is seen."""
    parts = []
    for name, rows in tables.items():
        lines = ",\n".join("  " + json.dumps(row) for row in rows)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
    with open(path, "w", encoding="utf-8") as f:
        f.write("{\n" + ",\n".join(parts) + "\n}\n")


def merged(old, new, order):
    """New rows in place of old ones; those that nobody measures any more go."""
    known = {row["name"]: row for row in old + new}
    return [known[name] for name in order if name in known]


def place(name, where, rows):
    """What was taken in one place: a table, and why there are rows that are not in it."""
    text = f"{where}\n\n"
    known = [row for row in rows if "why" not in row]
    if known:
        text += f"{form(name)(known)}\n\n"
    return text + "".join(f"Not measured: {row['name']}: {row['why']}\n\n" for row in rows if "why" in row)


def section(name, rows):
    """A table for each machine, version and day, which stand above it."""
    by_place = {}
    for row in rows:
        by_place.setdefault(row["where"], []).append(row)
    return "\n" + "".join(place(name, *one) for one in by_place.items())


def write_doc(path, name, text):
    """Between the marks of that name in the document."""
    begin, end = f"<!-- begin {name}: written by make bench -->\n", "<!-- end -->\n"
    with open(path, encoding="utf-8") as f:
        head, mark, rest = f.read().partition(begin)
    if not mark:
        sys.exit(f"bench: {path} has no place for a table of {name}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + begin + text + end + rest.partition(end)[2])


def write_tables(doc, tables):
    """All of them."""
    for name, rows in tables.items():
        write_doc(doc, name, section(name, rows))


if __name__ == "__main__":
    for raw in sys.argv[2:]:
        write_tables(sys.argv[1], read_raw(raw))
