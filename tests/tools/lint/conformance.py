# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows of docs/conformance.md: a clause, what it asks, one of the words, and for
a word that claims something the name of a test that exists."""

import glob
import os
import re
import sys

DOCUMENT = "docs/conformance.md"
# The words, and whether one needs a test.
WORDS = {"yes": True, "by configuration": True, "unproven": False, "no": False, "n/a": False}


def tests():
    paths = glob.glob("tests/*/cases/*")
    for folder in ("unit", "glue", "redis"):
        paths += glob.glob(f"tests/{folder}/*.c")
    return {os.path.basename(path) for path in paths}


def rows(text):
    """(number of the line, cells) of each row below a head whose third cell is empty."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == "clause":
            inside = True
        elif inside and not set(line) <= set("| -"):
            yield number, cells


def finding(cells, known):
    if len(cells) != 4 or not cells[0] or not cells[1]:
        return "a row is: clause, what it asks, a word, shown by"
    word, shown = cells[2:]
    if word not in WORDS:
        return f"'{word}' is none of {', '.join(WORDS)}"
    if WORDS[word] and not known & set(re.findall(r"`([\w.-]+)`", shown)):
        return f"'{word}' names no test that exists"
    return None


def main():
    if not os.path.exists(DOCUMENT):
        return 0
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    known, bad, count = tests(), 0, 0
    for number, cells in rows(text):
        count += 1
        what = finding(cells, known)
        if what:
            print(f"{DOCUMENT}:{number}: {what}")
            bad = 1
    if not count:
        print(f"{DOCUMENT}: has no rows")
        bad = 1
    return bad


sys.exit(main())
