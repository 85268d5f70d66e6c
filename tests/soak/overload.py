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
WATCHED = 0.5  # min, for it to be calm again


def run(scene):
    """The part."""
    result, edge = scene.result, scene.servers["edge"]
    load = scene.load("edge", "fresh", keep_token=True, expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    edge.rpc("webrtc_ims.load", "0")
    capacity = max(1, search(result, "before", load))
    edge.rpc("webrtc_ims.load", "auto")
    calm = max(1, round(CALM * capacity))
    before = load.do("refresh", calm, size.seconds(SLICE))
    flooded(result, load, edge, capacity, TIMES * capacity)
    recovers(result, load, calm, ms(before, "p99"))
    load.end()
    scene.alarms("edge")


def flooded(result, load, edge, capacity, rate):
    """Slices follow each other without a gap."""
    put = result.series("levels", ["s", "level"])
    begun = time.monotonic()
    slices = max(1, round(MINUTES * size.MINUTE / size.seconds(SLICE)))
    for i in range(slices):
        load.tell("refresh", rate, size.seconds(SLICE), "&")
        load.do("sleep", size.seconds(SLICE))
        put(time.monotonic() - begun, edge.level())
        result.progress(f"{rate}/s: slice {i + 1} of {slices}, level {edge.level()}")
    answers = load.started("refresh")
    put = result.series("overload", ["s", "asked", "ok", "503", "retry_after", "other", "busy"])
    for i, answer in enumerate(answers):
        failed = dict(answer["failed"])
        refused, busy = failed.pop("503", 0), failed.pop("busy", 0)
        put(i * size.seconds(SLICE), answer["asked"], answer["ok"], refused, answer["retry_after"],
            sum(failed.values()), busy)
    rows = result.data["series"]["overload"]["rows"]
    total = [sum(column) for column in zip(*rows)]
    seconds = slices * size.seconds(SLICE)
    result.fact("failed", [answer["failed"] for answer in answers])
    result.figure("capacity", capacity, "1/s")
    result.figure("offered", (total[1] - total[6]) / seconds, "1/s")
    result.figure("goodput", total[2] / seconds, "1/s")
    result.figure("goodput : capacity", total[2] / seconds / capacity, "", least=0.8)
    result.figure("refused with 503", total[3], "")
    result.figure("503 without Retry-After", max(0, total[3] - total[4]), "", most=0)
    result.figure("answered otherwise, or not", total[5], "", most=0)
    result.figure("not sent, for no WIC was free", total[6], "")


def recovers(result, load, rate, p99):
    """Seconds until each second is as it was before: nothing fails, and the p99 is no more than
    twice as long, or 50 ms."""
    put = result.series("back", ["s", "ok", "failed", "p99_ms"])
    begun, bad = time.monotonic(), 0.0
    for _ in range(max(1, round(size.seconds(WATCHED)))):
        answer = load.do("refresh", rate, 1)
        failed = sum(answer["failed"].values())
        now = time.monotonic() - begun
        put(now, answer["ok"], failed, ms(answer, "p99"))
        if failed or ms(answer, "p99") > max(2 * p99, 50):
            bad = now
    result.figure("back to normal after", bad, "s", most=BACK_MOST)
