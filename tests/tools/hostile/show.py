# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m hostile.show NAME: the tokens whose name begins so, and what is in
them; --list: all names."""

import sys
import time

from .families import cases
from .keys import unb64
from .world import World


def readable(part):
    """Decoded, as far as it can be."""
    try:
        return unb64(part)
    except ValueError:
        return part


def main():
    """See above."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for family, rows in cases(World(int(time.time()))).items():
        for row in rows:
            if sys.argv[1] == "--list":
                print(f"{row.name} {row.outcome} ({family}, {row.wwsf})")
            elif row.name.startswith(sys.argv[1]):
                print(row.name, row.outcome, *(readable(part) for part in row.token.split(".")[:2]), row.token,
                      sep="\n  ")


main()
