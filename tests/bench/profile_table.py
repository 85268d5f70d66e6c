# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What profile_registers.py found in several runs, as tables."""

import argparse
import json

import record
from report import write_doc
from callgrind import PARTS
from profile_registers import ROWS

TOP = 12
SHOWN = ("digest", "web", "range")  # rows whose functions are in the document
AGAINST = "stock"


def merged(paths):
    """row -> what was found in each run"""
    found = {}
    for path in sorted(paths, key=lambda p: p.rpartition("-")[2]):
        with open(path, encoding="utf-8") as f:
            for name, row in json.load(f).items():
                found.setdefault(name, []).append(row)
    return {name: found[name] for name in ROWS if name in found}


def spread(runs):
    """How far apart the runs are, in percent."""
    totals = [run["total"] for run in runs]
    return 100 * (max(totals) - min(totals)) / min(totals)


def mean(runs, part):
    """Of a part, in thousands."""
    return sum(run["parts"][part] for run in runs) / len(runs) / 1000


def total(runs):
    """Of all parts, in thousands."""
    return sum(run["total"] for run in runs) / len(runs) / 1000


def parts_table(found):
    """Thousands of instructions of a REGISTER, a line for each row."""
    lines = ["| row | all | : stock | runs differ | with what it calls | " + " | ".join(PARTS) + " |",
             "| --- | --- | --- | --- | --- |" + " --- |" * len(PARTS)]
    for name, runs in found.items():
        ratio = f"{total(runs) / total(found[AGAINST]):.2f}" if AGAINST in found else ""
        entered = sum(run["entered"] for run in runs) / len(runs) / 1000
        lines.append(f"| {name} | {total(runs):.1f} | {ratio} | {spread(runs):.2f} % | {entered:.1f} | "
                     + " | ".join(f"{mean(runs, part):.1f}" for part in PARTS) + " |")
    return "\n".join(lines)


def functions_table(runs, kind):
    """The greatest functions of a row, by the first run."""
    cells = [f"| `{name}` | {ob} | {cost:,} |" for ob, name, cost in runs[0][kind][:TOP]]
    return "\n".join(["| function | of | instructions |", "| --- | --- | --- |", *cells])


def functions(found, names):
    """Sections of these rows, where they were measured."""
    texts = []
    for name, runs in found.items():
        if name not in names:
            continue
        texts.append(f"### {name}: by themselves\n\n{functions_table(runs, 'exclusive')}\n")
        if runs[0]["inclusive"]:
            texts.append(f"### {name}: ours, with what they call\n\n{functions_table(runs, 'inclusive')}\n")
    return "\n".join(texts)


def main():
    """On the terminal, as JSON, and into the document if that is asked for."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--results", required=True)
    ap.add_argument("--allocator", required=True)
    ap.add_argument("--doc")
    ap.add_argument("files", nargs="+")
    args = ap.parse_args()
    found = merged(args.files)
    where = f"{record.text(record.record())}; shared memory: {args.allocator}"
    print(f"{where}\n\n{parts_table(found)}\n\n{functions(found, found)}")
    with open(args.results, "w", encoding="utf-8") as f:
        json.dump({"machine": where, "rows": found}, f, indent=1)
    if args.doc:
        write_doc(args.doc, "parts", f"\n{where}\n\n{parts_table(found)}\n\n")
        write_doc(args.doc, "functions", f"\n{functions(found, SHOWN)}\n")


if __name__ == "__main__":
    main()
