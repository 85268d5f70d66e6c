# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m hostile.check WIMS FOLDER: all tokens through "wims token verify" at one
second, all key files through "wims config check". WIMS is the program."""

import json
import os
import subprocess
import sys

from . import keyfiles
from .families import cases
from .world import World

# far from any clock, so that nothing is right by chance
NOW = 1900000000


def run(args, data=b""):
    """(exit status, output with complaints) of the program."""
    done = subprocess.run(args, input=data, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("latin-1")


def differences(wims, config, rows):
    """Lines on tokens that have another outcome than they must."""
    text = "".join(row.token + "\n" for row in rows)
    _, out = run([wims, "token", "verify", "--config", config, "--now", str(NOW)], text.encode("latin-1"))
    lines = out.splitlines()
    if len(lines) != len(rows):
        return [f"{len(rows)} tokens, but {len(lines)} lines: {out[:2000]}"]
    got = [line.partition(" ")[0] for line in lines]
    return [f"{row.name}: {have} instead of {row.outcome}: {row.token[:300]}"
            for row, have in zip(rows, got) if have != row.outcome]


def check_tokens(wims, folder):
    """Families, and what is wrong with them."""
    world = World(NOW)
    config = f"{folder}/provisioning.json"
    with open(config, "w", encoding="utf-8") as out:
        json.dump(world.provisioning(), out)
    wrong, refused, accepted = [], 0, 0
    for name, rows in cases(world).items():
        good = sum(row.outcome == "ok" for row in rows)
        found = differences(wims, config, rows)
        if not good:
            found.append(f"{name}: no control that is accepted")
        refused, accepted, wrong = refused + len(rows) - good, accepted + good, wrong + found
        print(f"{'FAIL' if found else 'ok  '} {name}: {len(rows) - good} to be refused, {good} to be accepted")
    print(f"     {refused} tokens to be refused, {accepted} to be accepted", flush=True)
    return wrong


def check_keys(wims, folder):
    """Key files: what was said of each, and what should have been."""
    wwsf, wrong, count = World(NOW).wwsf("shop", []), [], 0
    for file in keyfiles.all_files():
        status, said = run([wims, "config", "check", keyfiles.write(folder, file, wwsf)])
        fits = status == 0 if not file.says else status == 1 and file.says in said and "$.wwsf[0].keys" in said
        if not fits:
            wrong.append(f"{file.name}: status {status}, {file.says!r} is not in {said!r}")
        count += 1
    print(f"     {count} key files", flush=True)
    return wrong


def main():
    """See above."""
    wims, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    wrong = check_tokens(wims, folder) + check_keys(wims, folder)
    for line in wrong:
        print(f"FAIL {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
