# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""hour: WICs held, half of them in a range and half by scenario 2; refreshes and calls. Does
anything grow, and what is the latency of each minute?"""

from . import size
from .load import failures, ms
from .sampler import Sampler
from .trend import percent_an_hour

WARM_UP = 1 / 6  # of the time; what is allocated once is there after that
CALL_HOLD = 0.5  # min
GROWS = (("shm_used", "shared memory in use"), ("shm_real_used", "shared memory with its headers"),
         ("pkg", "private memory of all processes"), ("anon", "anonymous RSS of all processes"),
         ("pss", "PSS of all processes"), ("files", "open files"))


def run(scene):
    """The part."""
    result, server = scene.result, scene.servers["edge"]
    load = scene.load("edge", "mixed", keep_token=True, expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    before = server.counters()
    sampler = Sampler(result, server, size.SAMPLE)
    sampler.start()
    answers = minutes(result, load)
    calls = load.started("call")
    sampler.stop()
    result.fact("counters", {name: value - before.get(name, 0) for name, value in server.counters().items()
                             if value != before.get(name, 0)})
    report(result, answers, calls)
    grows(result)
    result.progress("everybody is rung")
    rung = load.do("ring", size.rate(100))
    result.figure("IMPUs of the ledger rung", rung["ok"], "")
    result.figure("ledger clean", int(load.end() == 0), "", least=1)
    scene.alarms("edge", critical=0)


def minutes(result, load):
    """A command a minute: the answers of its refreshes."""
    put = result.series("minutes", ["minute", "asked", "ok", "failed", "p50_ms", "p90_ms", "p99_ms", "max_ms"])
    answers = []
    rate, calls = size.rate(250), size.rate(5, least=4)
    for minute in range(round(size.MINUTES)):
        load.tell("call", calls, size.seconds(1), size.seconds(CALL_HOLD), "&")
        answer = load.do("refresh", rate, size.seconds(1))
        answers.append(answer)
        put(minute + 1, answer["asked"], answer["ok"], sum(answer["failed"].values()),
            *(ms(answer, which) for which in ("p50", "p90", "p99", "max")))
        result.progress(f"minute {minute + 1} of {size.MINUTES:g}: {answer['ok']} REGISTERs, "
                        f"p99 {ms(answer, 'p99'):.1f} ms, failed {answer['failed']}")
    return answers


def report(result, answers, calls):
    """Of REGISTERs and calls."""
    result.figure("REGISTERs", sum(a["ok"] for a in answers), "")
    result.figure("REGISTERs failed", sum(failures(answers).values()), "", most=0)
    result.fact("REGISTERs failed", failures(answers))
    result.figure("p99 of the worst minute", max(ms(a, "p99") for a in answers), "ms")
    result.figure("p99 of the median minute", sorted(ms(a, "p99") for a in answers)[len(answers) // 2], "ms")
    result.figure("calls", sum(a["ok"] for a in calls), "")
    result.figure("calls failed", sum(failures(calls).values()), "", most=0)
    result.fact("calls failed", failures(calls))


def grows(result):
    """Slopes of the samples behind the warm-up."""
    data = result.data["series"]
    begin = WARM_UP * data["server"]["rows"][-1][0]
    for column, what in GROWS:
        slope(result, what, data["server"], column, begin, goal=True)
    for name in ("pkg", "anon", "files"):
        worst = max(data[name]["columns"][1:], key=lambda c, n=name: max(slopes(data[n], c, begin)))
        slope(result, f"{name} of the process that grows most ({worst})", data[name], worst, begin, goal=name == "pkg")


def slopes(series, column, begin):
    """(least squares, Theil-Sen) in percent an hour"""
    i = series["columns"].index(column)
    return percent_an_hour([(row[0], row[i]) for row in series["rows"] if row[0] >= begin])


def slope(result, what, series, column, begin, goal):
    """Both; the larger one has to meet the goal."""
    squares, sen = slopes(series, column, begin)
    result.fact(f"slope of {what}", {"least squares": squares, "Theil-Sen": sen})
    result.figure(f"growth: {what}", max(squares, sen), "%/h", most=1 if goal else None)
