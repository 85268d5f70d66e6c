# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses the Python, JSON and XML files named on standard input."""

import ast
import json
import sys
import xml.etree.ElementTree

# SIPp's "[field0]" keywords are text, and its scenarios name a DTD that it
# does not ship: ElementTree reads neither.
PARSERS = {
    ".py": ast.parse,
    ".json": json.loads,
    ".xml": xml.etree.ElementTree.fromstring,
}


def main():
    bad = 0
    for path in sys.stdin.read().split("\n"):
        if not path:
            continue
        with open(path, "rb") as file:
            text = file.read()
        try:
            PARSERS[path[path.rindex("."):]](text)
        except (SyntaxError, ValueError) as error:
            print(f"{path}: {error}")
            bad = 1
    return bad


sys.exit(main())
