#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reckons the tables of docs/scaling.md, which holds both figures and formulas.

  scaling.py [--write] [SCALING.md BENCHMARKS.md]

A table whose header begins with "name | value" has figures: one whose column
"from" names a row of the benchmarks in backticks must be that row's. One whose header
begins with "name | reckoned" has a formula of names in each row, and a number for
each column; the header of a column is the number of WICs, or "each" where that
does not matter. Without --write nothing is changed: what differs is printed."""

import ast
import math
import operator
import re
import sys

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
FUNCTIONS = {"up": math.ceil, "max": max, "min": min}


class Wrong(Exception):
    """What the document should not have, in words."""


def number(text):
    """1,000.5 as a float"""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise Wrong(f"{text!r} is no number") from None


def shown(value):
    """Three digits; all of a number of things."""
    if isinstance(value, int):
        return f"{value:,}"
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{round(value, digits):,.{max(digits, 0)}f}"


def worth(node, names):
    """The value of a formula."""
    if isinstance(node, ast.Expression):
        return worth(node.body, names)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise Wrong(f"{node.id} is not known here")
        return names[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](worth(node.left, names), worth(node.right, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        return FUNCTIONS[node.func.id](*(worth(arg, names) for arg in node.args))
    raise Wrong("a formula has + - * / up() max() min(), numbers and names")


def formula(text, names):
    """The same of its text, which is in backticks."""
    try:
        return worth(ast.parse(text.strip("`"), mode="eval"), names)
    except (SyntaxError, ZeroDivisionError, ValueError) as e:
        raise Wrong(f"{text}: {e}") from None


def measured(path):
    """Row -> figure, of the tables with three columns in the benchmarks."""
    with open(path, encoding="utf-8") as f:
        return dict(re.findall(r"^\| ([a-z0-9-]+) \| ([0-9.,]+) \| [^|]+ \|$", f.read(), re.M))


class Document:
    """Goes through the lines once; names are known from where they stand."""

    def __init__(self, rows):
        self.rows = rows
        self.fixed, self.of = {}, {}
        self.columns = None  # of the table that it is in: None, "value", or what WICs a column has

    def line(self, line):
        """The line as it should be."""
        if not line.startswith("|"):
            self.columns = None
            return line
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[:2] == ["name", "value"]:
            self.columns = "value"
        elif cells[:2] == ["name", "reckoned"]:
            self.columns = [c for c in cells[2:] if c == "each" or c[:1].isdigit()]
        elif self.columns is not None and not set(cells[0]) <= set("-"):
            return self.row(cells)
        return line

    def row(self, cells):
        """Of one of those tables."""
        name = cells[0].strip("`")
        if name in self.fixed or name in self.of:
            raise Wrong(f"{name} is there twice")
        if self.columns == "value":
            self.figure(name, cells)
        else:
            self.reckon(name, cells)
        return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|\n"

    def figure(self, name, cells):
        """name, value, unit, from"""
        row = re.fullmatch(r"`([a-z0-9-]+)`", cells[3])
        if row:
            if row[1] not in self.rows:
                raise Wrong(f"{name}: no row {row[1]} in the benchmarks")
            cells[1] = self.rows[row[1]]
        self.fixed[name] = number(cells[1])

    def reckon(self, name, cells):
        """name, formula, a value for each column"""
        values = {}
        for i, column in enumerate(self.columns):
            names = {**self.fixed, **{n: v[column] for n, v in self.of.items() if column in v}}
            if column != "each":
                names["wics"] = number(column)
            values[column] = formula(cells[1], names)
            cells[2 + i] = shown(values[column])
        if list(values) == ["each"]:
            self.fixed[name] = values["each"]
        else:
            self.of[name] = values


def main():
    """0: all as it should be, or written so; 1: not"""
    write = "--write" in sys.argv
    paths = [arg for arg in sys.argv[1:] if arg != "--write"] or ["docs/scaling.md", "docs/benchmarks/README.md"]
    with open(paths[0], encoding="utf-8") as f:
        lines = f.readlines()
    document, out, bad = Document(measured(paths[1])), [], 0
    for i, line in enumerate(lines, 1):
        try:
            out.append(document.line(line))
        except Wrong as e:
            sys.exit(f"{paths[0]}:{i}: {e}")
        if out[-1] != line:
            bad += 1
            if not write:
                print(f"{paths[0]}:{i}: should be: {out[-1].rstrip()}")
    if not document.fixed or not document.of:
        sys.exit(f"{paths[0]}: nothing to reckon")
    if write:
        with open(paths[0], "w", encoding="utf-8") as f:
            f.writelines(out)
    return 1 if bad and not write else 0


if __name__ == "__main__":
    sys.exit(main())
