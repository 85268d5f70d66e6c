# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The registrar's store in Redis: build/redis/store_bench measures, without
Kamailio, at one Redis with few users and one with many. Here is what its rows
must be."""

import subprocess

from rows import Row

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


def rows():
    """All of them."""
    return [Row(PREFIX + name, unit, name, name, ratio_max=most) for name, (unit, most) in goals()]


def stores(args, wanted):
    """Figures of all rows that are wanted."""
    places = args.store
    command = [args.store_program, places["few"], str(FEW), places["many"], str(MANY), *(row.ours for row in wanted)]
    lines = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    rounds = {}
    for name, *sides in map(str.split, lines):
        rounds.setdefault(name, []).append(tuple(map(float, sides)))
    for row in wanted:
        yield row.figures(rounds[row.ours])


GROUPS = ((rows, stores),)
