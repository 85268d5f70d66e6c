# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""fresh: each REGISTER with a token that nobody has seen yet."""

from . import growth, size
from .load import failures, late, ms
from .sampler import Sampler

MINUTES = 10


def run(scene):
    """The part."""
    result, server = scene.result, scene.servers["edge"]
    load = scene.load("edge", "fresh", expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    sampler = Sampler(result, server, size.SAMPLE)
    sampler.start()
    cpu, hits = server.cpu_us(), server.counters()
    load.tell("refresh", size.rate(500), size.seconds(MINUTES), "&")
    for minute in range(MINUTES):
        load.do("sleep", size.seconds(1))
        result.progress(f"minute {minute + 1} of {MINUTES}, level of overload {server.level()}")
    sampler.stop()
    answer, = load.started("refresh")
    cpu = server.cpu_us() - cpu
    result.fact("counters", {name: value - hits.get(name, 0) for name, value in server.counters().items()
                             if value != hits.get(name, 0)})
    result.hist("register", answer)
    result.figure("REGISTERs", answer["ok"], "")
    result.figure("REGISTERs failed", sum(failures([answer]).values()), "", most=0)
    result.fact("REGISTERs failed", failures([answer]))
    for which in ("p50", "p90", "p99", "p999", "max"):
        result.figure(which, ms(answer, which), "ms", most=50 if which == "p99" else None)
    result.figure("CPU time of a REGISTER, all processes", cpu / max(1, answer["ok"]), "us")
    behind, busy = late(answer)
    result.figure("wims-load was late, p99", behind, "ms")
    result.figure("wims-load took of a processor", busy, "")
    growth.report(result, answer["ok"], goal=False)
    load.judge(size.WICS)
    scene.alarms("edge", critical=0)
