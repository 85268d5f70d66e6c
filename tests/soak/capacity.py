# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""capacity: the rate at which the p99 of a REGISTER passes 200 ms, ours with nothing refused, and a
stock registrar over the same WSS."""

from . import size
from .load import Load, ms

P99_MOST = 200  # ms
FAILED_MOST = 0.001  # of those asked
STEP = 1 / 6  # min
NARROW = 4  # halvings behind the doublings
FIRST, LAST = 250, min(16000, 12 * size.WICS)  # rates; one WIC may send 20 a second
QUIET = 1 / 30  # min, behind one that was too much


def run(scene):
    """The part."""
    result, edge = scene.result, scene.servers["edge"]
    edge.rpc("webrtc_ims.load", "0")
    found = {}
    for name, users, options in (("range-cached", "fresh", {"keep_token": True}), ("range-fresh", "fresh", {}),
                                 ("web", "web", {"keep_token": True})):
        found[name] = measured(scene, name, scene.load("edge", users, expires=3600, **options))
    stock = Load(result, scene.servers["stock"], scene.ca, scene.tokens / "plain.users", expires=3600)
    found["stock"] = measured(scene, "stock", stock)
    for name, rate in found.items():
        result.figure(f"capacity: {name}", rate, "1/s")
        if name != "stock":
            result.figure(f"capacity: {name} : stock", rate / found["stock"] if found["stock"] else None, "")
    scene.alarms("edge")


def measured(scene, name, load):
    """The capacity of who answers that load."""
    scene.result.progress(f"{name}: {size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    rate = search(scene.result, name, load)
    load.end()
    return rate


def search(result, name, load):
    """The highest rate that was served: doubled while it is, then halved into."""
    put = result.series(f"capacity {name}", ["rate", "ok_a_second", "p50_ms", "p99_ms", "p999_ms", "failed"])

    def served(rate):
        answer = load.do("refresh", rate, size.seconds(STEP))
        failed = sum(answer["failed"].values())
        put(rate, answer["ok"] / answer["seconds"], *(ms(answer, w) for w in ("p50", "p99", "p999")), failed)
        result.progress(f"{name}: {rate}/s: p99 {ms(answer, 'p99'):.1f} ms, failed {answer['failed']}")
        good = ms(answer, "p99") <= P99_MOST and failed <= FAILED_MOST * answer["asked"]
        if not good:
            load.do("sleep", size.seconds(QUIET))
        return good

    low, high = 0, min(FIRST, LAST // 4)
    while high <= LAST and served(high):
        low, high = high, 2 * high
    for _ in range(NARROW if high <= LAST else 0):
        middle = (low + high) // 2
        if middle in (low, high):
            break
        low, high = (middle, high) if served(middle) else (low, middle)
    return low
