# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots are what the raw numbers give: draws all of them from numbers made up here, looks into
what was drawn, changes a number, and asks whether that is seen."""

import json
import math
import os
import random
import subprocess
import sys
import xml.etree.ElementTree as xml

TOP, DIRECTORY = sys.argv[1:]
PLOTS = os.path.join(TOP, "tests/bench/plots.py")
sys.path.insert(0, os.path.join(TOP, "tests/bench"))
import report  # noqa: E402 # pylint: disable=wrong-import-position
from latency import percentiles  # noqa: E402 # pylint: disable=wrong-import-position
from rows import Row, guarded, order, take_all  # noqa: E402 # pylint: disable=wrong-import-position

SVG = "{http://www.w3.org/2000/svg}"
rand = random.Random(1)


def hist(median, count=2000):
    """Latencies with a tail, in us."""
    found = {}
    for _ in range(count):
        us = float(f"{median * math.exp(rand.gauss(0, 0.5)):.3g}")
        found[us] = found.get(us, 0) + 1
    return sorted(map(list, found.items()))


def row(name, ours, against, bare, **goals):
    """Rounds of samples that scatter by some percent."""
    rounds = [tuple(side * rand.uniform(0.95, 1.05) for side in (ours, against, bare)) for _ in range(21)]
    return Row(name, "us", None, None, None, **goals).figures(rounds) | {"where": "a machine"}


def steps(capacity):
    """Rates, with the knee where the capacity is."""
    rates = [500 * 1.3**i for i in range(12)]
    return {"columns": ["rate", "p99_ms", "failed"],
            "rows": [[round(r), 2 / max(0.01, 1 - r / capacity), 0 if r < capacity else 20] for r in rates]}


def bench():
    """Tables with all rows that a plot shows."""
    rows = [row("jws-RS256", 17, 16.5, 16.4, ratio_max=1.1), row("call-setup", 310, 280, 100, ratio_max=1.2)]
    for key, us, most in (("cached", 42, 1.25), ("fresh", 61, 1.6), ("web", 180, None)):
        rows.append(row(f"wss-register-{key}", us, 35, 28, ratio_max=most) | {"rate": 500, "latency": {
            side: percentiles([hist(us * times)]) for side, times in (("ours", 5), ("against", 4), ("bare", 3))}})
    missing = Row("wss-register-redis", "us", None, None).missing("a server is gone") | {"where": "a machine"}
    return {"qm": [*rows, missing]}


def soak():
    """Parts with the series and distributions that a plot shows."""
    server = [[10 * i, 7e8 + 1e5 * rand.random(), 7.1e8, 2e7, 9e8, 1.2e8, 5100, 0] for i in range(60)]
    minute = [[i, 15000, 15000, 0, 1.2 + rand.random(), 3, 12 + 5 * rand.random(), 60] for i in range(1, 11)]
    loaded = [[10 * i, 9000, 3300 + 200 * rand.random(), 5500, 300] for i in range(30)]
    return {
        "hour": {"wics": 5000, "series": {
            "server": {"columns": "s shm_used shm_real_used pkg rss anon files level".split(), "rows": server},
            "minutes": {"columns": "minute asked ok failed p50_ms p90_ms p99_ms max_ms".split(), "rows": minute}}},
        "capacity": {"wics": 5000, "series": {f"capacity {name}": steps(most) for name, most in (("range", 4000), ("stock", 9000))}},
        "lost": {"wics": 5000, "hists": {"fin": hist(60e3, 500), "rst": hist(50e3, 500), "silent": hist(31e6, 500)}},
        "overload": {"wics": 5000, "figures": [{"name": "range: capacity", "value": 4000}], "series": {
            "range: overload": {"columns": "s sent ok refused level".split(), "rows": loaded}}},
        "restart": {"wics": 5000, "hists": {f"back {n}": hist(5e6, 5000) for n in (1, 2, 3)}},
    }


def plots(*words):
    """plots.py: its status, and what it objects to."""
    done = subprocess.run([sys.executable, PLOTS, *words, DIRECTORY], stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stderr


def page(name):
    """A document with a place for plots."""
    with open(os.path.join(DIRECTORY, name), "w", encoding="utf-8") as f:
        f.write("# Here\n\n<!-- begin plots: written by make bench -->\nold\n<!-- end -->\n\nthe rest\n")


def main():
    """Everything, and then with a mistake."""
    os.makedirs(os.path.join(DIRECTORY, "soak"))
    tables = bench()
    report.write_raw(os.path.join(DIRECTORY, "bench.json"), tables)
    for part, data in soak().items():
        with open(os.path.join(DIRECTORY, "soak", f"{part}.json"), "w", encoding="utf-8") as f:
            json.dump(data, f)
    page("README.md")
    page("soak.md")
    assert plots() == (0, ""), plots()
    assert plots("--check") == (0, ""), plots("--check")

    names = sorted(name for name in os.listdir(DIRECTORY) if name.endswith(".svg"))
    assert names == ["latency.svg", "ratios.svg", "soak-back.svg", "soak-capacity.svg", "soak-lost.svg", "soak-memory.svg",
                     "soak-minutes.svg", "soak-overload-range.svg", "wss-ratios.svg"], names
    for name in names:
        texts = ["".join(text.itertext()).strip() for text in xml.parse(os.path.join(DIRECTORY, name)).iter(f"{SVG}text")]
        assert len(texts) > 5, (name, texts)
    shown = open(os.path.join(DIRECTORY, "README.md"), encoding="utf-8").read()
    assert shown.count("![") == 3 and "old" not in shown and shown.endswith("the rest\n"), shown

    tables["qm"][2]["ratio"] *= 1.5
    report.write_raw(os.path.join(DIRECTORY, "bench.json"), tables)
    status, said = plots("--check")
    assert status == 1 and "wss-ratios.svg is not what" in said and said.count("\n") == 1, said
    os.remove(os.path.join(DIRECTORY, "soak", "lost.json"))
    assert "soak-lost.svg has no numbers" in plots("--check")[1], plots("--check")


def kept():
    """A run of some rows keeps the others, each with its machine."""
    old = [{"name": name, "ours": 1, "where": "old"} for name in ("a", "b", "gone")]
    new = [{"name": name, "ours": 2, "where": "new"} for name in ("c", "b")]
    found = [(r["name"], r["ours"], r["where"]) for r in report.merged(old, new, ["a", "b", "c", "d"])]
    assert found == [("a", 1, "old"), ("b", 2, "new"), ("c", 2, "new")], found
    section = report.section("qm", [Row("c", "us", None, None).missing("gone") | {"where": "a machine"}])
    assert "Not measured: c: gone" in section and "| row |" not in section, section
    section = report.section("qm", [row("jws-RS256", 1, 1, 1), row("b", 1, 1, 1) | {"where": "another"}])
    assert section.count("| row |") == 2 and section.index("a machine") < section.index("another"), section


def rounds():
    """Each side follows each other one as often as the other way round, and one that fails takes no other with it."""
    asked = []

    def sample(work):
        asked.append(work)
        if work == "b" and len(asked) > 5:
            raise SystemExit("b is gone")
        return 1.0

    taken = take_all(["a", "b"], sample, 6)
    assert asked[:4] == ["a", "b", "b", "a"], asked
    assert taken.figures(Row("r", "us", "a", "b"))["why"] == "b is gone" and (asked.count("a"), asked.count("b")) == (7, 4), asked
    assert taken.figures(Row("r", "us", "a", "a"))["ratio"] == 1
    for i in range(6):
        assert sorted(order(["a", "b", "c"], i)) == ["a", "b", "c"]
    found = list(guarded([Row("r", "us", "a", "b"), Row("s", "us", "a", "b")], (x for x in [{"name": "r"}, 1 / 1])))
    assert found[0] == {"name": "r"} and found[1]["name"] == "s" and found[1]["why"], found


main()
kept()
rounds()
