# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the documents named on standard input with the code."""

import glob
import os
import re
import sys

MODULE = "modules/webrtc_ims"
REFERENCE = "docs/module.md"
TROUBLE = "docs/troubleshooting.md"
SITES = {"kamailio-cfg/site.cfg": "docs/configuration.md", "kamailio-cfg/eicscf-site.cfg": "docs/eicscf.md"}


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def found(regex, path):
    return set(re.findall(regex, read(path), re.MULTILINE))


def section(path, heading):
    """Text from that heading of level 2 to the next one."""
    parts = re.split(r"^## +(.*)$", read(path), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2])).get(heading, "")


def headings(heading, regex):
    return set(re.findall(rf"^### `{regex}`$", section(REFERENCE, heading), re.MULTILINE))


def rows(heading, regex):
    return set(re.findall(rf"^\| `{regex}` \|", section(REFERENCE, heading), re.MULTILINE))


# --- what the code has ---------------------------------------------------

def parameters():
    return found(r'^\t\{"(\w+)", +PARAM_', f"{MODULE}/wk_params.c")


def functions():
    return found(r'^\t\{"(wims_\w+)", +w_', f"{MODULE}/webrtc_ims_mod.c")


def kemi_names():
    return found(r'^\tKEMI\("(\w+)",', f"{MODULE}/webrtc_ims_mod.c")


def variables():
    return found(r'^\t\{\{"(\w+)", \d+\},', f"{MODULE}/wk_pv.c")


def commands():
    return found(r'^\t\{"webrtc_ims\.(\w+)",', f"{MODULE}/wk_rpc.c")


def counters():
    return (found(r'^\tX\((\w+), ', f"{MODULE}/wk_stats.c")
            | found(r'^\tX\([A-Z_]+, +"(\w+)",', f"{MODULE}/wk_stats.h"))


def outcomes():
    return found(r'^\tX\([A-Z_]+, +"(\w+)",', f"{MODULE}/lib/base/wims_reason.h")


def site_values(path):
    return found(r"^ *#!ifndef (\w+)$", path) | found(r'^##!(?:define |substdef "!)(\w+)', path)


# --- findings ------------------------------------------------------------

def compare(what, code, written, document):
    for name in sorted(code - written):
        yield f"{document}: {what} {name} is not described"
    for name in sorted(written - code):
        yield f"{document}: there is no {what} {name}"


def values():
    """Default and range of each number, as the description states them."""
    source = read(f"{MODULE}/wk_params.c")
    defaults = dict(re.findall(r"^\t\t\.(\w+) = (\d+),$", source, re.MULTILINE))
    ranges = re.findall(r'^\t\{"(\w+)", +&wk_params\.\w+, +(\d+), +(\d+)\},$', source, re.MULTILINE)
    text = section(REFERENCE, "Parameters")
    for name, low, high in ranges:
        if f"### `{name}`\n\ninteger, default {defaults[name]}, range {low} to {high}" not in text:
            yield (f"{REFERENCE}: parameter {name} is an integer, default {defaults[name]}, "
                   f"range {low} to {high}")


def words_of_the_code():
    paths = glob.glob(f"{MODULE}/**/*.[ch]", recursive=True)
    return set(re.findall(r"\w+", "\n".join(read(path) for path in paths)))


def routes():
    text = "\n".join(read(path) for path in glob.glob("kamailio-cfg/*.cfg"))
    return set(re.findall(r"\b\w*route\[[\w:-]+\]", text))


def tests():
    paths = glob.glob("tests/*/cases/*") + glob.glob("tests/unit/*.c") + glob.glob("tests/glue/*.c")
    return {os.path.basename(path) for path in paths}


def places_to_look():
    """Middle column of docs/troubleshooting.md: RPC commands, counters and outcomes that are there."""
    cells = "\n".join(row.split("|")[2] for row in re.findall(r"^\| .* \| .* \| .* \|$", read(TROUBLE), re.MULTILINE))
    known = {f"webrtc_ims.{name}" for name in commands()} | counters() | outcomes()
    for name in sorted(set(re.findall(r"`([^`]+)`", cells)) - known):
        yield f"{TROUBLE}: there is no command, counter or outcome {name}"


def names(documents):
    """Functions, routes and tests in the text of documents."""
    words, known, there = words_of_the_code(), routes(), tests()
    for path in documents:
        text = read(path)
        for name in sorted(set(re.findall(r"\b(w(?:k|ims)_\w+)\(", text)) - words):
            yield f"{path}: there is no function {name}"
        for route in sorted(set(re.findall(r"\b\w*route\[[\w:-]+\]", text)) - known):
            yield f"{path}: there is no {route}"
        for test in sorted(set(re.findall(r"`(\d\d-[a-z-]+|test_\w+\.c)`", text)) - there):
            yield f"{path}: there is no test {test}"


def findings(documents):
    if os.path.isdir(MODULE) and os.path.exists(f"{MODULE}/wk_params.c"):
        yield from compare("parameter", parameters(), headings("Parameters", r"(\w+)"), REFERENCE)
        yield from values()
        yield from compare("function", functions(), headings("Functions", r"(wims_\w+)\(\)"), REFERENCE)
        # The KEMI name is said to be the same; a second form is named in the text.
        kemi = {f"wims_{name}" for name in kemi_names() if f"`{name}`" not in section(REFERENCE, "Functions")}
        yield from compare("KEMI function", kemi | {"wims_token_validate"}, functions(), "webrtc_ims_mod.c")
        yield from compare("variable", variables(), rows("Variables", r"\$wims\((\w+)\)"), REFERENCE)
        yield from compare("command", commands(), headings("RPC commands", r"webrtc_ims\.(\w+)"), REFERENCE)
        yield from compare("counter", counters(), rows("Counters", r"(\w+)"), REFERENCE)
        for path, document in SITES.items():
            yield from compare("site value", site_values(path), found(r"^\| `([A-Z_]+)` \|", document), document)
        yield from places_to_look()
        yield from names(documents)


def main():
    bad = 0
    for finding in findings(sys.stdin.read().splitlines()):
        print(finding)
        bad = 1
    return bad


sys.exit(main())
