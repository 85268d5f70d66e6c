# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""overload: three times what it can do, for five minutes: refreshes with tokens of the cache, of WICs
that mind no Retry-After. What is served then, what is told to the others, and how soon is it over?"""

import time

from . import size
from .capacity import search
from .load import closes, late, ms

TIMES = 3
MINUTES = 5
SLICE = 1 / 6  # min
SOON = 1.0  # s within which a 200 counts as served
CALM = 0.3  # of the capacity, before and behind
BACK_MOST = 10  # s
WATCHED, SECOND = 0.5, 1 / 60  # min, for it to be calm again; of which each is a row

SIDES = (("range", "range"), ("web", "web"))  # the registrar is here, or in the core (scenario 2)


def run(scene):
    """The part."""
    for name, users in SIDES:
        one(scene, name, users)
    scene.alarms("edge")


def one(scene, name, users):
    """The WICs of one scenario."""
    result, edge = scene.result, scene.servers["edge"]
    load = scene.load("edge", users, keep_token=True, expires=3600)
    result.progress(f"{name}: {size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    edge.rpc("webrtc_ims.load", "0")
    capacity = search(result, name, load)
    edge.rpc("webrtc_ims.load", "auto")
    rate = max(capacity.high or 2 * capacity.low, round(capacity.most))
    calm = max(1, round(CALM * capacity.low))
    before = load.do("refresh", calm, size.seconds(SLICE))
    ends = flooded(result, name, load, edge, TIMES * rate)
    over = calmer(load, edge, calm)
    flood, *after = sorted(load.started("refresh"), key=lambda answer: answer["begin"])
    result.figure(f"{name}: capacity", capacity.low, "1/s", open_end=not capacity.sure)
    result.figure(f"{name}: too much, at once", capacity.high, "1/s")
    result.figure(f"{name}: served at most, however late", capacity.most, "1/s")
    told(result, name, flood, rate if capacity.high else None)
    recovers(result, name, after, ends, ms(before, "p99"))
    result.figure(f"{name}: level of overload 0 again after", over and over - ends, "s")
    edge.wait_idle()  # or calls are refused
    load.judge(size.WICS, f"{name}: ", closes(before))


def flooded(result, name, load, edge, rate):
    """The flood runs without a gap, and is looked at meanwhile; when does its schedule end?"""
    put = result.series(f"{name}: overload", ["s", "sent", "ok", "refused", "level"])
    before = load.do("sleep", 0)
    seconds = size.seconds(MINUTES)
    load.tell("refresh", rate, seconds, "&")
    ends = time.time() + seconds
    begun = then = before["begin"] + before["seconds"]
    while (left := ends - time.time()) > 0:
        now = load.do("sleep", min(left, size.seconds(SLICE)))
        at = now["begin"] + now["seconds"]
        rows = (now["registers"][key] - before["registers"][key] for key in ("sent", "granted", "refused"))
        level = edge.level() if ends - time.time() > 1 else None  # that may take a moment
        put(at - begun, *(row / (at - then) for row in rows), level)
        result.progress(f"{name}: {rate}/s: {at - begun:.0f} of {seconds:.0f} s, level {level}")
        before, then = now, at
    return ends


def calmer(load, edge, rate):
    """What follows: a second after the other. When was the level 0 first? None: never."""
    over = None
    for _ in range(max(1, round(WATCHED * size.MINUTE / size.seconds(SECOND)))):
        load.tell("refresh", rate, size.seconds(SECOND), "&")
        load.do("sleep", size.seconds(SECOND))
        if over is None and edge.level() == 0:
            over = time.time()
    return over


def told(result, name, flood, rate):
    """What came of the flood. The time base reaches to its last answer; rate is what was too much, or the
    most that were served, whichever is more; None: nothing was too much."""
    seconds, failed = flood["seconds"], dict(flood["failed"])
    refused, busy = failed.pop("503", 0), failed.pop("busy", 0)
    soon = sum(count for upper, count in flood["hist"] if upper <= SOON * 1e6)
    behind, cpu = late(flood)
    result.hist(f"{name}: overload", flood)
    result.fact(f"{name}: failed", flood["failed"])
    result.figure(f"{name}: asked for : capacity", rate and flood["asked"] / seconds / rate, "")
    result.figure(f"{name}: sent : capacity", rate and (flood["asked"] - busy) / seconds / rate, "")
    result.figure(f"{name}: sent", (flood["asked"] - busy) / seconds, "1/s")
    result.figure(f"{name}: not sent, for all WICs waited for an answer", busy / seconds, "1/s")
    result.figure(f"{name}: answered 200", flood["ok"] / seconds, "1/s")
    result.figure(f"{name}: goodput: of these within {SOON:g} s", soon / seconds, "1/s")
    result.figure(f"{name}: goodput : capacity", rate and soon / seconds / rate, "", least=0.8, most=1.1)
    for which in ("p50", "p99", "max"):
        result.figure(f"{name}: {which} of the 200s", ms(flood, which), "ms")
    result.figure(f"{name}: refused with 503", refused, "", least=1)
    result.figure(f"{name}: refused without Retry-After", max(0, refused - flood["retry_after"]), "", most=0)
    result.figure(f"{name}: answered otherwise, or not", sum(failed.values()), "", most=0)
    result.figure(f"{name}: wims-load was late, p99", behind, "ms")
    result.figure(f"{name}: wims-load took of a processor", cpu, "")


def recovers(result, name, after, ends, p99):
    """Seconds from the end of the flood until each one is as it was before: nothing fails, and the p99 is
    no more than twice as long, or 50 ms."""
    put, bad = result.series(f"{name}: back", ["s", "ok", "failed", "p99_ms"]), 0.0
    for answer in after:
        failed = sum(answer["failed"].values())
        since = answer["begin"] - ends
        put(since, answer["ok"], failed, ms(answer, "p99"))
        if failed or ms(answer, "p99") > max(2 * p99, 50):
            bad = since + size.seconds(SECOND)
    result.figure(f"{name}: back to normal after", bad, "s", most=BACK_MOST)
