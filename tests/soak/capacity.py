# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""capacity: the rate at which the p99 of a REGISTER passes 200 ms, with nothing refused: the eP-CSCF
with its workers, then with one, and a stock registrar with one over the same WSS."""

from collections import namedtuple

from . import size
from .load import Load, closes, generator, late, ms

P99_MOST = 200  # ms
FAILED_MOST = 0.001  # of those asked
STEP = 1 / 6  # min
NARROW = 3  # halvings behind the doublings
FIRST = 500  # a second
EACH = 12  # a second of one WIC; the eP-CSCF closes whoever sends more than 20
QUIET = 1 / 30  # min, behind one that was too much

SIDES = (("range, cached tokens", "edge", "fresh", {"keep_token": True}), ("range, fresh tokens", "edge", "fresh", {}),
         ("scenario 2, cached tokens", "edge", "web", {"keep_token": True}),
         ("one worker: range, cached tokens", "single", "fresh", {"keep_token": True}),
         ("one worker: range, fresh tokens", "single", "fresh", {}))
STOCK = "one worker: stock"

# high is the lowest rate that was too much, None: none was found. sure: it was the server. most: the most
# that were served in a second, as the mean of a step, however late.
Capacity = namedtuple("Capacity", "low high sure most")


def run(scene):
    """The part."""
    result, found = scene.result, {}
    for name in ("edge", "single"):
        scene.servers[name].rpc("webrtc_ims.load", "0")
    for name, server, users, options in SIDES:
        found[name] = measured(scene, name, scene.load(server, users, expires=3600, **options))
    stock = Load(result, scene.servers["stock"], scene.ca, scene.tokens / "fresh.users", expires=3600, keep_token=True)
    found[STOCK] = measured(scene, STOCK, stock)
    for name, capacity in found.items():
        result.figure(f"capacity: {name}", capacity.low, "1/s", open_end=not capacity.sure)
    for name, capacity in found.items():
        if name.startswith("one worker") and name != STOCK:
            ratio = capacity.low / found[STOCK].low if capacity.sure and found[STOCK].sure and found[STOCK].low else None
            result.figure(f"{name} : stock", ratio, "")
    for name in ("edge", "single"):
        scene.alarms(name)


def measured(scene, name, load):
    """The capacity of who answers that load."""
    scene.result.progress(f"{name}: {size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    capacity = search(scene.result, name, load)
    now = load.do("sleep", 0)
    scene.result.figure(f"{name}: WICs registered in the end", now["wics"]["registered"], "")
    scene.result.figure(f"{name}: connections that the server ended", closes(now), "")
    scene.result.figure(f"{name}: first REGISTERs refused", load.refused, "", most=0)
    load.end()
    return capacity


def search(result, name, load):
    """Doubled while all is served, then halved into. What fails once may have been a hiccup: a rate
    is too much when it fails twice."""
    put = result.series(f"capacity {name}",
                        ["rate", "ok_a_second", "p50_ms", "p99_ms", "p999_ms", "failed", "late_p99_ms", "generator_cpu"])
    own = {}  # rates that were too much, and whether wims-load was the limit
    seen = []  # what was served in a second

    def served(rate):
        for _ in range(2):
            answer = load.do("refresh", rate, size.seconds(STEP))
            failed = sum(answer["failed"].values())
            seen.append(answer["ok"] / answer["seconds"])
            put(rate, seen[-1], *(ms(answer, w) for w in ("p50", "p99", "p999")), failed,
                *late(answer))
            result.progress(f"{name}: {rate}/s: p99 {ms(answer, 'p99'):.1f} ms, failed {answer['failed']}, "
                            f"wims-load {'is the limit' if generator(answer) else 'is well'}")
            if ms(answer, "p99") <= P99_MOST and failed <= FAILED_MOST * answer["asked"]:
                return True
            own[rate] = own.get(rate, False) or generator(answer)
            calm_down(load)
        return False

    last = EACH * size.WICS
    low, high = 0, min(FIRST, last // 4)
    while high <= last and served(high):
        low, high = high, 2 * high
    if high > last:
        return Capacity(low, None, False, max(seen))
    for _ in range(NARROW):
        middle = (low + high) // 2
        if middle in (low, high):
            break
        low, high = (middle, high) if served(middle) else (low, middle)
    return Capacity(low, high, not own[high], max(seen))


def calm_down(load):
    """Whoever was closed comes back."""
    lost = load.do("sleep", size.seconds(QUIET))["wics"]["lost"]
    if lost:
        load.do("back", lost, size.seconds(QUIET))
