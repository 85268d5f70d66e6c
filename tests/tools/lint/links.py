# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the relative links of the Markdown files named on standard input."""

import os
import re
import sys

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def read(path):
    with open(path, encoding="utf-8") as file:
        return FENCE.sub("", file.read())


def anchors(path):
    """Headings as the anchors that forges make of them."""
    names = set()
    for heading in HEADING.findall(read(path)):
        kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        names.add(kept.replace(" ", "-"))
    return names


def problem(path, link):
    if re.match(r"[a-z]+:", link):
        return None
    target, _, anchor = link.partition("#")
    full = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
    if not os.path.exists(full):
        return "leads nowhere"
    if anchor and full.endswith(".md") and anchor not in anchors(full):
        return "names no heading"
    return None


def main():
    bad = 0
    for path in sys.stdin.read().splitlines():
        for link in LINK.findall(read(path)):
            what = problem(path, link)
            if what:
                print(f"{path}: link to {link} {what}")
                bad = 1
    return bad


sys.exit(main())
