# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""lost: connections end while the others refresh. When is the core told? In a range, where it is told
nothing: when is a call refused at once?"""

from . import size
from .load import failures, ms

COUNT = 500
RATE = 25
PINGS = 1.5  # min that two pings of the server may take: what is silent is found by them
SIDES = (("", "web"), ("range: ", "range"))
HOWS = ("fin", "rst", "silent")


def run(scene):
    """The part."""
    for name, users in SIDES:
        side(scene, name, users)
    scene.alarms("edge", critical=0)


def side(scene, name, users):
    """The WICs of one scenario."""
    result = scene.result
    load = scene.load("edge", users, keep_token=True, expires=3600)
    result.progress(f"{name}{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    rate = size.rate(RATE, least=10)
    seconds = len(HOWS) * size.count(COUNT) / rate + PINGS * size.MINUTE
    load.tell("refresh", size.rate(250), seconds, "&")
    for how in HOWS:
        result.progress(f"{name}{size.count(COUNT)} end: {how}")
        lost(scene, f"{name}{how}", load.do("lose", how, size.count(COUNT), rate))
    refreshes = load.started("refresh")
    result.figure(f"{name}REGISTERs beside that", sum(a["ok"] for a in refreshes), "")
    result.fact(f"{name}REGISTERs failed", failures(refreshes))
    result.figure(f"{name}REGISTERs failed", sum(failures(refreshes).values()), "", most=0)
    load.judge(size.WICS - len(HOWS) * size.count(COUNT), name)


def lost(scene, how, answer):
    """The distribution, and the goals of it."""
    result = scene.result
    result.hist(how, answer)
    result.fact(f"{how}: by", answer["by"])
    result.fact(f"{how}: failed", answer["failed"])
    result.figure(f"{how}: noticed", answer["ok"] - answer["by"]["nobody"], "", least=size.count(COUNT))
    if how.endswith("silent"):
        # What it let pass: its Pong was to be there PING_PERIOD after the last thing that came from it.
        beyond = answer["us_heard"]["max"] / 1e6 - scene.ping_period
        result.figure(f"{how}: max since the first Ping without a Pong", answer["us_unanswered"]["max"] / 1e6, "s")
        result.figure(f"{how}: max since the last thing it sent", answer["us_heard"]["max"] / 1e6, "s")
        result.figure(f"{how}: max of that beyond PING_PERIOD", beyond, "s", most=2)
        return
    for which, most in (("p50", None), ("p99", 1), ("max", 2)):
        result.figure(f"{how}: {which}", ms(answer, which) / 1000, "s", most=most)
