# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""thousands: twice as many WICs, registered and left alone; shared memory of each, beside a stock
Kamailio's with a bare WebSocket and with a contact in its registrar."""

from . import size
from .load import Load
from .sampler import Sampler

COUNT = 2 * size.WICS
HELD = 10  # min
BARE_HELD = 1  # min; a bare connection does nothing that could grow
PLACES = 25
MORE = 6 * 1024  # bytes that a WIC may take beyond a bare connection


def run(scene):
    """The part."""
    result = scene.result
    bare = stock(scene, "bare", register=False)
    saved = stock(scene, "registered", register=True)
    ours = held(scene, scene.load("edge", "mixed", keep_token=True, expires=3600), "edge", "ours", HELD)
    result.figure("shm of a bare WebSocket, stock Kamailio", bare, "bytes")
    result.figure("shm of a registered WIC, stock Kamailio", saved, "bytes")
    result.figure("shm of a registered WIC, eP-CSCF", ours, "bytes", most=bare + MORE)
    scene.alarms("edge", critical=0)


def stock(scene, what, register):
    """Bytes of each."""
    load = Load(scene.result, scene.servers[what], scene.ca, scene.tokens / "plain.users", expires=3600)
    return held(scene, load, what, what, BARE_HELD, register)


def held(scene, load, name, what, minutes, register=True):
    """Bytes of shared memory, headers included, that each of them takes at the end."""
    result, server = scene.result, scene.servers[name]
    before, places = server.shm(), server.shm_by_place()
    result.progress(f"{what}: {COUNT} WICs come")
    load.hold(COUNT, size.rate(250), register)
    sampler = Sampler(result, server, size.SAMPLE, f"{what}: ")
    sampler.start()
    for minute in range(minutes):
        load.do("sleep", size.seconds(1))
        result.progress(f"{what}: held for {minute + 1} of {minutes} min")
    sampler.stop()
    after = server.shm()
    result.fact(f"shm of {what}", {"before": before, "after": after})
    result.fact(f"shm of {what}, bytes of each by place", by_place(places, server.shm_by_place()))
    result.figure(f"{what}: still there", server.connections(), "", least=COUNT)
    if register:
        load.judge(COUNT, f"{what}: ", ring=what == "ours")
    else:
        load.end()
    return (after["real_used"] - before["real_used"]) / COUNT


def by_place(before, after):
    """The places that took most since then, for each WIC."""
    grown = {place: (bytes_ - before.get(place, 0)) / COUNT for place, bytes_ in after.items()}
    return {place: round(grown[place], 1) for place in sorted(grown, key=grown.get, reverse=True)[:PLACES]}
