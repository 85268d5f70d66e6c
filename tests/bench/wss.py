# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows wss-*: WICs over WSS at the eP-CSCF, beside a stock Kamailio with the same
transport that is a plain registrar (stock.cfg), and one that only answers (bare.cfg)."""

import itertools
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import latency
from loads import OPENS, REGISTERS, Load
from rows import Row, measured, take_all

RATE, SECONDS = int(os.environ.get("WSS_RATE", "1000")), 0.3  # of a sample
# A rate that is high: part of the highest one that ours served, looked for in steps
HIGH, FIRST, STEP, STEP_SECONDS, P99_US, AGAIN = 0.8, 1000, 1.2, 2, 200_000, 3
# tm keeps what it has of a REGISTER for 5 s after its answer, then takes the time to free it:
# whoever has tm is asked as long before each sample, which then frees as many as it makes.
WITH_TM, BEFORE, LONG, TM_ROUNDS = "web", 5.5, 2, 6
OPENED, HELD = 100, 500  # WICs of a sample of wss-open; of one of memory
MEMORY_ROUNDS, MARGIN, BOTH = 6, 50_000, "both"  # bytes
KEPT = 4 * 160_000  # bytes: of ours, a process has the connection that it sent to last until it sends again (wk_ws.c)


def register_rows():
    """CPU time of a REGISTER: a work is (who, whose high rate it is; None: RATE)."""
    for what, most in (("cached", 1.25), ("fresh", 1.6)):
        yield Row(f"wss-register-{what}", "us", (what, None), ("stock", None), ("bare", None), ratio_max=most)
        yield Row(f"wss-register-{what}-high", "us", (what, what), ("stock", what), ratio_max=most)
    yield Row("wss-register-redis", "us", ("redis", None), ("stock", None), ("bare", None))


def tm_rows():
    """The same of who relays each to the core."""
    yield Row("wss-register-web", "us", ("web", None), ("stock", None), ("bare", None))
    yield Row("wss-register-web-high", "us", ("web", "web"), ("stock", "web"))


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

    def __init__(self, args, names):
        self.args, self.names = args, names
        self.loads, self.stack = {}, ExitStack()

    def __enter__(self):
        for name in self.names:
            load = Load(name, self.args.wss[name], self.args)
            self.stack.callback(load.close)
            self.loads[name] = load.registered(self.args.wics)
        return self.loads

    def __exit__(self, *exc):
        self.stack.close()


def high_rate(load):
    """Most of what it serves in time, all of it; with tm's freeing of what came before. What fails once may
    have been a hiccup."""
    rate, seconds = FIRST, BEFORE + LONG if load.name == WITH_TM else STEP_SECONDS
    while served(load, rate, seconds) or served(load, rate, seconds):
        rate *= STEP
    if rate == FIRST:
        raise SystemExit(f"bench: {load.name}: {FIRST} REGISTERs a second are too much")
    return round(HIGH * rate / STEP)


def served(load, rate, seconds):
    """Is that rate served in time, all of it? If not, all are back behind it."""
    said = load.do("refresh", round(rate), seconds)
    if said["ok"] == said["asked"] and said["us"]["p99"] <= P99_US:
        return True
    load.recover()
    return False


def misses(load):
    """How often a token was not in the cache of who has one."""
    counter = "webrtc_ims.token_cache_misses"
    return int(load.rpc("stats.fetch", counter)[counter]) if load.ours else 0


def cost(load, rate):
    """(CPU time, what wims-load says, tokens that were not in the cache) of a sample."""
    if load.name == WITH_TM:
        load.must("refresh", rate, BEFORE)
    before = misses(load)
    us, said = load.cost("refresh", rate, LONG if load.name == WITH_TM else SECONDS)
    return us, said, misses(load) - before


class Spent:
    """Samples of REGISTERs, and how long their answers took."""

    def __init__(self, loads, rows):
        self.loads, self.said, self.again = loads, {}, Counter()
        self.rates = {None: RATE} | {of: high_rate(loads[of]) for of in dict.fromkeys(row.ours[1] for row in rows) if of}

    def sample(self, work):
        """CPU microseconds of a REGISTER."""
        us, said = self.cost(work)
        self.said.setdefault(work, []).append(said)
        return us

    def cost(self, work):
        """At a high rate a hiccup of the machine leaves no WIC that is not waiting: such a sample is taken again,
        a few times for each side, which is told. A token must be in the cache, or not, as the row says."""
        load = self.loads[work[0]]
        while True:
            try:
                us, said, missed = cost(load, self.rates[work[1]])
                break
            except SystemExit:
                self.again[work] += 1
                if work[1] is None or self.again[work] > AGAIN:
                    raise
                load.recover()
        wanted = said["asked"] if load.name == "fresh" else 0
        if missed != wanted:
            raise SystemExit(f"bench: {load.name}: {missed} tokens were not in the cache, not {wanted}")
        return us, said

    def more(self, row):
        """What a row has besides."""
        found = {side: self.said.get(work, []) for side, work in zip(("ours", "against", "bare"), row.works())}
        return {"rate": self.rates[row.ours[1]], "again": sum(self.again[work] for work in row.works()),
                "latency": {side: latency.percentiles(one["hist"] for one in said) for side, said in found.items()},
                "late_us": max((one["late_us"]["max"] for said in found.values() for one in said), default=None)}


def registers_of(args, rows, count):
    """Rows of REGISTERs; all share their rounds."""
    works = list(dict.fromkeys(itertools.chain(*(row.works() for row in rows))))
    with Loads(args, list(dict.fromkeys(name for name, _ in works))) as loads:
        spent = Spent(loads, rows)
        taken = take_all(works, spent.sample, **count)
    for row in rows:
        yield taken.figures(row) | spent.more(row)


def registers(args, rows):
    """Of who answers by itself."""
    yield from registers_of(args, rows, {})


def with_tm(args, rows):
    """Of who relays: fewer rounds, each takes long."""
    yield from registers_of(args, rows, {"count": TM_ROUNDS})


def opens(args, rows):
    """Connections that only open; each sample ends its own."""
    def sample(name):
        load = Load(name, args.wss[name], args)
        try:
            return load.cost("open", min(args.wics, OPENED), OPENS)[0]
        finally:
            load.close()

    for row in rows:
        yield take_all(row.works(), sample).figures(row)


def emptied(load, most=None):
    """Bytes in use while there is no WIC, and no token of those that were there."""
    if load.ours:
        load.rpc("webrtc_ims.token_cache", "flush")
    return load.shm_settled(*([most] if most else []))


def memory_of(load, wics, first):
    """Bytes of each of so many WICs: open, and registered, a token of each in the cache. first: bytes that
    were in use before any had come; all but MARGIN and KEPT have to be given back, and KEPT counts as theirs."""
    empty = emptied(load, first and first + MARGIN + KEPT * load.ours)
    empty = min(empty, first + MARGIN if first else empty)
    load.all_of("open", wics, OPENS)
    opened = load.shm_settled()
    load.all_of("register", wics, REGISTERS)
    registered = load.shm_settled()
    load.all_of("unregister", wics, REGISTERS)
    return empty, {(load.name, "open"): (opened - empty) / wics, (load.name, "registered"): (registered - empty) / wics}


def memory(args, rows):
    """Both rows from the same WICs, each round from others."""
    first, rounds = {}, Counter()

    def sample(name):
        side = args.wss[name]
        load = Load(name, side._replace(users=f"{args.data}/memory.users.{rounds[name]}"), args)
        rounds[name] += 1
        try:
            empty, found = memory_of(load, HELD, first.get(name))
            first.setdefault(name, empty)
            return found
        finally:
            load.close()

    def both(_):
        # At once: what takes long is that what has ended is kept for half a minute.
        with ThreadPoolExecutor() as pool:
            ours, stock = pool.map(sample, ("cached", "stock"))
        return ours | stock

    taken = take_all([BOTH], both, MEMORY_ROUNDS)
    taken.rounds = [one[BOTH] for one in taken.rounds if BOTH in one]
    for row in rows:
        taken.failed |= dict.fromkeys(row.works(), taken.failed[BOTH]) if BOTH in taken.failed else {}
        yield taken.figures(row)


# Memory first, while no server has had a WIC.
GROUPS = ((memory_rows, memory), (register_rows, registers), (tm_rows, with_tm), (open_rows, opens))


def measure(args, wanted):
    """All of them that are wanted."""
    yield from measured(GROUPS, args, wanted)


def all_rows():
    """In the order of the table."""
    return itertools.chain(register_rows(), tm_rows(), open_rows(), memory_rows())
