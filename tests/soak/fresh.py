# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""fresh: each REGISTER with a token that nobody has seen yet."""

from . import size
from .load import failures, ms

MINUTES = 10


def run(scene):
    """The part."""
    result, server = scene.result, scene.servers["edge"]
    load = scene.load("edge", "fresh", expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    cpu, hits = server.cpu_us(), server.counters()
    load.tell("refresh", size.rate(500), size.seconds(MINUTES), "&")
    for minute in range(MINUTES):
        load.do("sleep", size.seconds(1))
        result.progress(f"minute {minute + 1} of {MINUTES}, level of overload {server.level()}")
    answer, = load.started("refresh")
    result.fact("counters", {name: value - hits.get(name, 0) for name, value in server.counters().items()
                             if value != hits.get(name, 0)})
    result.hist("register", answer)
    result.figure("REGISTERs", answer["ok"], "")
    result.figure("REGISTERs failed", sum(failures([answer]).values()), "", most=0)
    result.fact("REGISTERs failed", failures([answer]))
    for which in ("p50", "p90", "p99", "p999", "max"):
        result.figure(which, ms(answer, which), "ms", most=50 if which == "p99" else None)
    result.figure("CPU time of a REGISTER, all processes", (server.cpu_us() - cpu) / max(1, answer["ok"]), "us")
    load.end()
    scene.alarms("edge")
