# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""hour: WICs held, half of them in a range and half by scenario 2; refreshes and calls, and beside that
some that are lost and come back, that go and come, and that have a new token. Does anything grow, and
what is the latency of each minute?"""

from . import growth, size
from .churn import Churn
from .load import failures, ms
from .sampler import Sampler

TURNOVERS, SHARES = 3, 10  # all WICs come anew so often before anything is looked at, so many at a time
CALL_HOLD = 0.5  # min
TOKEN_USES = 50  # REGISTERs with a token; the cache has room for half of all tokens
MODULE = "webrtc_ims"


def run(scene):
    """The part."""
    result, server = scene.result, scene.servers["edge"]
    load = scene.load("edge", "hour", token_uses=TOKEN_USES, expires=3600)
    churn = Churn(load)
    wics = size.WICS + churn.away
    result.progress(f"{wics} WICs come")
    load.hold(wics, size.rate(250))
    settle(result, load, wics)
    module = server.shm_of(MODULE)
    before = server.counters()
    sampler = Sampler(result, server, size.SAMPLE)
    sampler.start()
    answers = minutes(result, load, churn)
    sampler.stop()
    calls = load.started("call")
    churn.ends(result)
    result.fact("counters", {name: value - before.get(name, 0) for name, value in server.counters().items()
                             if value != before.get(name, 0)})
    report(result, answers, calls)
    growth.report(result, sum(a["ok"] for a in answers))
    result.figure(f"{MODULE}: shared memory before the load", module, "bytes")
    result.figure(f"{MODULE}: shared memory behind it", server.shm_of(MODULE), "bytes")
    load.judge(wics)
    scene.alarms("edge", critical=0)


def settle(result, load, wics):
    """Memory comes into the order in which it stays: what is freed is used again for what is a little smaller,
    and how much is lost by that is known when every connection has ended and begun anew some times over,
    here and there."""
    rounds = max(2, round(TURNOVERS * SHARES * min(1, size.MINUTE / 60)))
    share, each = max(2, wics // SHARES), size.seconds(1 / 12)
    load.quiet = ("lose", "back", "refresh")
    answers = []
    for number in range(rounds):
        result.progress(f"{share} WICs end and come back: {number + 1} of {rounds}")
        load.tell("refresh", size.rate(250), 2 * each, "&")
        answers.append(load.do("lose", "rst" if number % 2 else "fin", share, share / each))
        answers.append(load.do("back", share, each))  # not beside others that are lost: they may be the same ones
    result.fact("before the hour: failed", failures(answers + load.started("refresh")))


def minutes(result, load, churn):
    """A command a minute: the answers of its refreshes."""
    put = result.series("minutes", ["minute", "asked", "ok", "failed", "p50_ms", "p90_ms", "p99_ms", "max_ms"])
    answers, number = [], round(size.MINUTES)
    rate, calls = size.rate(250), size.rate(5, least=4)
    for minute in range(number):
        load.tell("call", calls, size.seconds(1), size.seconds(CALL_HOLD), "&")
        load.tell("refresh", rate, size.seconds(1), "&")
        churn.minute(minute, minute + 1 == number)
        answer = load.next("refresh")
        answers.append(answer)
        put(minute + 1, answer["asked"], answer["ok"], sum(answer["failed"].values()),
            *(ms(answer, which) for which in ("p50", "p90", "p99", "max")))
        result.progress(f"minute {minute + 1} of {size.MINUTES:g}: {answer['ok']} REGISTERs, "
                        f"p99 {ms(answer, 'p99'):.1f} ms, failed {answer['failed']}")
    return answers


def report(result, answers, calls):
    """Of REGISTERs and calls."""
    result.merged("register", answers)
    result.figure("REGISTERs", sum(a["ok"] for a in answers), "")
    result.figure("REGISTERs failed", sum(failures(answers).values()), "", most=0)
    result.fact("REGISTERs failed", failures(answers))
    result.figure("p99 of the worst minute", max(ms(a, "p99") for a in answers), "ms")
    result.figure("p99 of the median minute", sorted(ms(a, "p99") for a in answers)[len(answers) // 2], "ms")
    failed = failures(calls)
    result.fact("calls failed", dict(failed))
    result.figure("calls", sum(a["ok"] for a in calls), "")
    result.figure("calls that ended with their WIC", failed.pop("lost", 0), "")
    result.figure("calls failed", sum(failed.values()), "", most=0)
