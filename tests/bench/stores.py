# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The registrar's store in Redis: build/redis/store_bench measures, without
Kamailio, at one Redis with few users and one with many. Here is what its rows
must be."""

import subprocess

FEW, MANY = 1_000, 1_000_000
PREFIX = "registrar-"
BARE, GET, GROWTH = 1.3, 1.5, 1.5  # ratios
GROWING = ("put", "remove", "list", "counts", "purge", "drop")  # printed as they are


def goals():
    """Row -> unit, and the greatest ratio (None: printed as it is)."""
    for name in ("put", "allocate", "remove"):
        yield name, ("us", BARE)
    yield "put-writes", ("us", None)
    yield "query-get", ("us", GET)
    for name in ("allocate", "query"):
        yield f"{name}-p99", ("us", GROWTH)
        yield f"{name}-many", ("us", GROWTH)
    for name in GROWING:
        yield f"{name}-many", ("us", None)
    yield "bytes", ("bytes", None)


def stores(program, places, wanted, row):
    """Figures of all rows that are wanted; row() is rows.py's Row."""
    names = [name for name, _ in goals() if wanted(PREFIX + name)]
    if not names:
        return []
    command = [program, places["few"], str(FEW), places["many"], str(MANY), *names]
    lines = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    rounds = {name: [] for name in names}
    for name, *sides in map(str.split, lines):
        rounds[name].append(tuple(map(float, sides)))
    return [row(PREFIX + name, unit, None, None, ratio_max=most).figures(rounds[name])
            for name, (unit, most) in goals() if name in rounds]
