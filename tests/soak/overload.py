# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""overload: three times what it can do, for five minutes. What is served then, what is told to the
others, and how soon is it over?"""

import time

from . import size
from .capacity import search
from .load import ms

TIMES = 3
MINUTES = 5
SLICE = 1 / 6  # min
CALM = 0.3  # of the capacity, before and behind
BACK_MOST = 10  # s
WATCHED, SECOND = 0.5, 1 / 60  # min, for it to be calm again; between looks


SIDES = (("range", "fresh"), ("web", "web"))  # tokens from the cache, no core; scenario 2


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
    capacity = max(1, search(result, name, load))
    edge.rpc("webrtc_ims.load", "auto")
    calm = max(1, round(CALM * capacity))
    before = load.do("refresh", calm, size.seconds(SLICE))
    flooded(result, name, load, edge, capacity)
    recovers(result, name, load, calm, ms(before, "p99"))
    load.end()


def flooded(result, name, load, edge, capacity):
    """Slices follow each other without a gap."""
    rate = TIMES * capacity
    put = result.series(f"{name}: levels", ["s", "level"])
    begun = time.monotonic()
    slices = max(1, round(MINUTES * size.MINUTE / size.seconds(SLICE)))
    for i in range(slices):
        load.tell("refresh", rate, size.seconds(SLICE), "&")
        load.do("sleep", size.seconds(SLICE))
        put(time.monotonic() - begun, edge.level())
        result.progress(f"{name}: {rate}/s: slice {i + 1} of {slices}, level {edge.level()}")
    answers = load.started("refresh")
    put = result.series(f"{name}: overload", ["s", "asked", "ok", "503", "retry_after", "other", "busy"])
    for i, answer in enumerate(answers):
        failed = dict(answer["failed"])
        refused, busy = failed.pop("503", 0), failed.pop("busy", 0)
        put(i * size.seconds(SLICE), answer["asked"], answer["ok"], refused, answer["retry_after"],
            sum(failed.values()), busy)
    result.fact(f"{name}: failed", [answer["failed"] for answer in answers])
    told(result, name, capacity, slices * size.seconds(SLICE))


def told(result, name, capacity, seconds):
    """What came of all slices."""
    rows = result.data["series"][f"{name}: overload"]["rows"]
    _, asked, good, refused, told_when, other, busy = (sum(column) for column in zip(*rows))
    result.figure(f"{name}: capacity", capacity, "1/s")
    result.figure(f"{name}: offered", (asked - busy) / seconds, "1/s")
    result.figure(f"{name}: goodput", good / seconds, "1/s")
    result.figure(f"{name}: goodput : capacity", good / seconds / capacity, "", least=0.8)
    result.figure(f"{name}: refused with 503", refused, "")
    result.figure(f"{name}: refused without Retry-After", max(0, refused - told_when), "", most=0)
    result.figure(f"{name}: answered otherwise, or not", other, "", most=0)
    result.figure(f"{name}: not sent, for no WIC was free", busy, "")


def recovers(result, name, load, rate, p99):
    """Seconds until each one is as it was before: nothing fails, and the p99 is no more than
    twice as long, or 50 ms."""
    put = result.series(f"{name}: back", ["s", "ok", "failed", "p99_ms"])
    begun, bad = time.monotonic(), 0.0
    for _ in range(max(1, round(WATCHED * size.MINUTE / size.seconds(SECOND)))):
        answer = load.do("refresh", rate, size.seconds(SECOND))
        failed = sum(answer["failed"].values())
        now = time.monotonic() - begun
        put(now, answer["ok"], failed, ms(answer, "p99"))
        if failed or ms(answer, "p99") > max(2 * p99, 50):
            bad = now
    result.figure(f"{name}: back to normal after", bad, "s", most=BACK_MOST)
