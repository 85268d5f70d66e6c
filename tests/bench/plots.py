#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws what the raw numbers in a directory show, as SVG beside them, by gnuplot.

  plots.py DIR          draws DIR/*.svg from DIR/bench.json and DIR/soak/*.json
  plots.py --check DIR  draws nothing there: is each plot what the raw numbers give?

A plot without numbers is not drawn. Nothing is measured here."""

import os
import re
import subprocess
import sys
import tempfile

import curves
import report

PLOTS = (curves.wss_ratios, curves.ratios, curves.latency, curves.capacity, curves.memory, curves.minutes, curves.lost,
         curves.overload_range, curves.overload_web, curves.back)


def raw(directory):
    """All raw numbers: tables of bench.json, and parts of the soak by name."""
    soak = os.path.join(directory, "soak")
    names = sorted(os.listdir(soak)) if os.path.isdir(soak) else []
    return {"bench": report.read_raw(os.path.join(directory, "bench.json")),
            "soak": {name.removesuffix(".json"): report.read_raw(os.path.join(soak, name)) for name in names
                     if name.endswith(".json")}}


def draw(plot, path):
    """By gnuplot, which says itself what it does not like; without its blanks at the ends of lines."""
    script = f"set output {curves.quoted(path)}\n{plot.script()}"
    done = subprocess.run(["gnuplot"], input=script, text=True, stderr=subprocess.PIPE, check=False)
    if done.returncode or done.stderr:
        sys.exit(f"plots: gnuplot on {os.path.basename(path)}: {done.stderr.strip()}")
    with open(path, encoding="utf-8") as f:
        lines = [line.rstrip() + "\n" for line in f]
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(lines)


def draw_all(source, target):
    """Plots by file name."""
    numbers, drawn = raw(source), {}
    for make in PLOTS:
        plot = make(numbers)
        if plot:
            drawn[f"{plot.name}.svg"] = plot
            draw(plot, os.path.join(target, f"{plot.name}.svg"))
    return drawn


def links(drawn, kind):
    """Markdown with those of one kind."""
    return "\n" + "".join(f"![{plot.title}]({name})\n\n{plot.caption}\n\n"
                          for name, plot in drawn.items() if plot.kind == kind)


def write(directory):
    """All plots, and the documents that show them."""
    drawn = draw_all(directory, directory)
    for kind, name in (("bench", "README.md"), ("soak", "soak.md")):
        page = os.path.join(directory, name)
        if os.path.exists(page):
            report.write_doc(page, "plots", links(drawn, kind))


def read(path):
    """Its text; empty where there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as f:
        return f.read()


def check(directory):
    """Exit status 1 when a plot is not what the raw numbers give."""
    with tempfile.TemporaryDirectory() as fresh:
        drawn = draw_all(directory, fresh)
        there = {name for name in os.listdir(directory) if name.endswith(".svg")}
        wrong = [f"{name} has no numbers" for name in sorted(there - set(drawn))]
        for name in drawn:
            if read(os.path.join(directory, name)) != read(os.path.join(fresh, name)):
                wrong.append(f"{name} is not what the numbers give")
    shown = read(os.path.join(directory, "README.md")) + read(os.path.join(directory, "soak.md"))
    wrong += [f"{name} is shown nowhere" for name in drawn if not re.search(rf"\]\({re.escape(name)}\)", shown)]
    for line in wrong:
        print(f"plots: {line}; \"make bench-plots\" draws them", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2]))
    write(sys.argv[1])
