# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows wss-*: WICs over WSS at the eP-CSCF as it ships, beside a stock Kamailio with
the same transport that is a plain registrar (stock.cfg), and one that only answers
(bare.cfg)."""

import itertools
from contextlib import ExitStack

import capacity
import latency
from loads import OPENS, REGISTERS, Load
from rows import Row, of_row, take_all

RATE, SECONDS = 1000, 0.3  # of a sample
# WICs, at most: of rows about CPU time few, for each that is connected is pinged; of a sample
# of wss-open; of a sample of memory
FEW, OPENED, HELD = 200, 100, 500
MEMORY_ROUNDS, MARGIN = 6, 1e6  # bytes
COUNTERS = {"cached": "token_cache_misses", "fresh": "token_cache_hits"}  # that must not move


def register_rows():
    """CPU time of a REGISTER."""
    yield Row("wss-register-cached", "us", "cached", "stock", "bare", ratio_max=1.25)
    yield Row("wss-register-fresh", "us", "fresh", "stock", "bare", ratio_max=1.6)
    yield Row("wss-register-web", "us", "web", "stock", "bare")
    yield Row("wss-register-redis", "us", "redis", "stock", "bare")


def open_rows():
    """CPU time of a connection."""
    yield Row("wss-open", "us", "cached", "stock", "bare")


def memory_rows():
    """Shared memory of a WIC: before it is registered, and then."""
    yield Row("wss-memory-open", "bytes", ("cached", "open"), ("stock", "open"))
    yield Row("wss-memory", "bytes", ("cached", "registered"), ("stock", "registered"), ("stock", "open"),
              bare_more=6144)


class Loads:
    """So many WICs at each of these sides, all registered."""

    def __init__(self, args, names, wics):
        self.args, self.names, self.wics = args, names, wics
        self.loads, self.stack = {}, ExitStack()

    def __enter__(self):
        for name in self.names:
            load = Load(name, self.args.wss[name], self.args)
            self.stack.callback(load.close)
            self.loads[name] = load.registered(self.wics)
        return self.loads

    def __exit__(self, *exc):
        self.stack.close()


def must_not_move(load, counters):
    """The server says how often a token was in its cache, or was not."""
    if load.name in COUNTERS:
        counter = "webrtc_ims." + COUNTERS[load.name]
        now = load.rpc("stats.fetch", counter)[counter]
        if counters.setdefault(load.name, now) != now:
            raise SystemExit(f"bench: {counter} of {load.name} was {counters[load.name]} and is {now}")


def registers(args, wanted):
    """Rows of REGISTERs; all share their rounds."""
    rows = list(filter(wanted, register_rows()))
    if not rows:
        return
    counters, spent = {}, {}
    names = list(dict.fromkeys(itertools.chain(*(row.works() for row in rows))))

    def sample(name):
        us, said = loads[name].cost("refresh", RATE, SECONDS)
        spent.setdefault(name, []).append(said["hist"])
        must_not_move(loads[name], counters)
        return us

    with Loads(args, names, min(args.wics, FEW)) as loads:
        taken = take_all(names, sample)
    for row in rows:
        yield row.figures(of_row(row, taken)) | {"rate": RATE, "latency": {
            side: latency.percentiles(spent[name]) for side, name in zip(("ours", "against", "bare"), row.works())}}


def opens(args, wanted):
    """Connections that only open; each sample ends its own."""
    def sample(name):
        load = Load(name, args.wss[name], args)
        us, _ = load.cost("open", min(args.wics, OPENED), OPENS)
        load.close()
        return us

    for row in filter(wanted, open_rows()):
        yield row.figures(of_row(row, take_all(row.works(), sample)))


def memory_of(load, wics, first):
    """Bytes of each of so many WICs: open, and registered. first: bytes that were in use before
    any had come, which those of the last sample have to give back."""
    empty = load.shm_settled(first + MARGIN)
    load.all_of("open", wics, OPENS)
    opened = load.shm_settled()
    load.all_of("register", wics, REGISTERS)
    registered = load.shm_settled()
    load.all_of("unregister", wics, REGISTERS)
    return {"open": (opened - empty) / wics, "registered": (registered - empty) / wics}


def memory(args, wanted):
    """Both rows from the same WICs."""
    rows, first = list(filter(wanted, memory_rows())), {}
    if not rows:
        return

    def sample(name):
        load = Load(name, args.wss[name], args)
        found = memory_of(load, min(args.wics, HELD), first.setdefault(name, load.shm()))
        load.close()
        return found

    taken = [{(name, what): value for name, found in one.items() for what, value in found.items()}
             for one in take_all(["cached", "stock"], sample, MEMORY_ROUNDS)]
    for row in rows:
        yield row.figures(of_row(row, taken))


def capacities(args, wanted):
    """How many REGISTERs a second are answered in time."""
    rows = list(filter(wanted, capacity.rows()))
    for row in rows:
        with Loads(args, row.works(), args.wics) as loads:
            searches = {name: capacity.Search(load) for name, load in loads.items()}
            taken = take_all(row.works(), lambda name, s=searches: s[name].find(), capacity.ROUNDS)
        yield row.figures(of_row(row, taken)) | {"curve": {
            side: searches[name].curve() for side, name in zip(("ours", "against"), row.works())}}


def measure(args, wanted):
    """All of them that are wanted. Memory first, while no server has had a WIC."""
    for group in (memory, registers, opens, capacities):
        yield from group(args, wanted)


def all_rows():
    """In the order of the table."""
    return itertools.chain(register_rows(), capacity.rows(), open_rows(), memory_rows())
