# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of docs/benchmarks/README.md are those of the raw numbers, and each row, also one
that was not run yet, is explained there: a word in capitals and ... stand for anything."""

import os
import re
import sys

TOP = sys.argv[1]
for part in ("tests/bench", "tests/tools"):
    sys.path.insert(0, os.path.join(TOP, part))
import bench  # noqa: E402 # pylint: disable=wrong-import-position
import report  # noqa: E402 # pylint: disable=wrong-import-position

DOCS = os.path.join(TOP, "docs/benchmarks")
EXPLAINED = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)


def patterns(text):
    """What the explanations name."""
    for cells in EXPLAINED.findall(text):
        for name in re.findall(r"`([^`]+)`", cells):
            yield re.compile(re.sub(r"[A-Z]+|\\\.\\\.\\\.", ".+", re.escape(name)))


def unexplained(text):
    """Rows that no explanation fits."""
    names = [name for table in ("qm", "ranges", "registrar") for name in bench.order(table)]
    assert len(names) == len(set(names)) > 50, names
    known = list(patterns(text))
    return [name for name in names if not any(p.fullmatch(name) for p in known)]


with open(os.path.join(DOCS, "README.md"), encoding="utf-8") as f:
    page = f.read()
assert unexplained(page) == [], unexplained(page)
assert "wss-open" in unexplained(page.replace("`wss-open`", "`else`"))
scale = report.read_raw(os.path.join(DOCS, "scale.json"))
assert list(scale) == ["scale"], scale
for table, rows in (report.read_raw(os.path.join(DOCS, "bench.json")) | scale).items():
    begin = f"<!-- begin {table}: written by make bench -->\n"
    assert begin + report.section(table, rows) + "<!-- end -->\n" in page, f"the table {table} is not that of bench.json"
    odd = {row["name"] for row in rows} - set(bench.order(table)) if table not in scale else set()
    assert not odd, f"rows that nobody measures: {odd}"
