# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables: on the terminal, and in docs/benchmarks/soak.md between its marks, with the raw
numbers of each part beside it, and the plots of those."""

import json
import subprocess
import sys

from bench import record

from . import size

DOC = size.TOP / "docs" / "benchmarks" / "soak.md"
RAW = size.TOP / "docs" / "benchmarks" / "soak"
BEGIN, END = "<!-- begin {}: written by make soak -->\n", "<!-- end -->\n"


def shown(value):
    """A figure, as short as it may be."""
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def table(data):
    """Of one part."""
    lines = ["| figure | | goal | met |", "| --- | --- | --- | --- |"]
    for f in data["figures"]:
        met = {True: "yes", False: "**no**", None: ""}[f["met"]]
        lines.append(f"| {f['name']} | {'>= ' if f['open_end'] else ''}{shown(f['value'])} {f['unit']} | {f['goal'] or ''} | {met} |")
    return "\n".join(lines)


def text(results):
    """All tables."""
    parts = []
    for data in results:
        why = data["facts"].get("why")
        parts.append(f"\n{data['part']}: {data['state']}{f': {why}' if why else ''}\n\n{table(data)}")
    return "\n".join(parts)



def write_doc(results):
    """Those that are done, in real minutes, and the plots; a part that is not keeps what is there."""
    page = DOC.read_text(encoding="utf-8")
    RAW.mkdir(exist_ok=True)
    refused = []
    for data in results:
        if data["state"] != "done":
            continue
        if record.busy(data["record"]) or data["minute"] != 60:
            refused.append(data["part"])
            continue
        raw = {key: value for key, value in data.items() if key not in ("pid", "progress")}
        (RAW / f"{data['part']}.json").write_text(json.dumps(raw, separators=(",", ":")) + "\n", encoding="utf-8")
        head, mark, rest = page.partition(BEGIN.format(data["part"]))
        if not mark:
            raise SystemExit(f"soak: {DOC} has no place for the table of {data['part']}")
        page = (f"{head}{mark}\n{record.text(data['record'])}; {data['wics']:,} WICs, {', '.join(data['facts']['values'])}\n\n"
                f"{table(data)}\n\n{END}{rest.partition(END)[2]}")
    DOC.write_text(page, encoding="utf-8")
    subprocess.run([sys.executable, size.TOP / "tests/bench/plots.py", DOC.parent], check=True)
    if refused:
        sys.exit("soak: not written, for the machine did other work when they began, or minutes were shorter: "
                 + " ".join(refused))
