# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""blocks.py DOCUMENT: writes its tested files into the working directory and
its tested commands to standard output, each announced by its line number."""

import re
import sys

BLOCK = re.compile(r"^<!-- tested(?:: (?P<name>[\w.-]+))? -->\n```\w*\n(?P<text>.*?)^```$",
                   re.MULTILINE | re.DOTALL)
INSTALLED = "/usr/local/share/webrtc_ims/"


def main():
    path, top = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        document = file.read()
    if document.count("<!-- tested") != len(BLOCK.findall(document)):
        sys.exit(f"{path}: a tested line stands before no block")
    for block in BLOCK.finditer(document):
        line = document.count("\n", 0, block.start()) + 1
        if block["name"]:
            with open(block["name"], "w", encoding="utf-8") as file:
                file.write(block["text"].replace(INSTALLED, f"{top}/"))
        else:
            print(f"echo '-- line {line}'\n{block['text']}", end="")


main()
