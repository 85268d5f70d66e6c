# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""lost: connections end while the others refresh. When is the core told?"""

from . import size
from .load import failures, ms

COUNT = 500
RATE = 25
PINGS = 1.5  # min that two pings of the server may take: what is silent is found by them


def run(scene):
    """The part."""
    result = scene.result
    load = scene.load("edge", "web", keep_token=True, expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    rate = size.rate(RATE, least=10)
    seconds = 3 * size.count(COUNT) / rate + PINGS * size.MINUTE
    load.tell("refresh", size.rate(250), seconds, "&")
    for how in ("fin", "rst", "silent"):
        result.progress(f"{size.count(COUNT)} end: {how}")
        lost(scene, how, load.do("lose", how, size.count(COUNT), rate))
    refreshes = load.started("refresh")
    result.figure("REGISTERs beside that", sum(a["ok"] for a in refreshes), "")
    result.fact("REGISTERs failed", failures(refreshes))
    result.figure("REGISTERs failed", sum(failures(refreshes).values()), "", most=0)
    result.progress("everybody is rung")
    load.do("ring", size.rate(100))
    result.figure("ledger clean", int(load.end() == 0), "", least=1)
    scene.alarms("edge")


def lost(scene, how, answer):
    """The distribution, and the goals of it."""
    result = scene.result
    result.hist(how, answer)
    result.figure(f"{how}: noticed", answer["ok"], "", least=size.count(COUNT))
    if how == "silent":
        # What it let pass: its Pong was to be there PING_PERIOD after the last thing that came from it.
        beyond = answer["us_heard"]["max"] / 1e6 - scene.ping_period
        result.figure("silent: max since the first Ping without a Pong", answer["us_unanswered"]["max"] / 1e6, "s")
        result.figure("silent: max since the last thing it sent", answer["us_heard"]["max"] / 1e6, "s")
        result.figure("silent: max of that beyond PING_PERIOD", beyond, "s", most=2)
        return
    for which, most in (("p50", None), ("p99", 1), ("max", 2)):
        result.figure(f"{how}: {which}", ms(answer, which) / 1000, "s", most=most)
