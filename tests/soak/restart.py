# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""restart: all of Kamailio's processes are killed; it is started again at once, and all WICs come
back."""

import ssl
import time

from . import size
from .load import ms
from wic import Wic, WicClosed, WicRefused, WicTimeout

ACCEPTS = 3  # s
ALL_BACK = 60  # s
SPREAD = 1  # s within which all WICs try again for the first time
TIMES = 3  # the figures are those of the worst
NOTICE = 60  # s within which they have to see that their connections have ended


def run(scene):
    """The part."""
    result = scene.result
    load = scene.load("edge", "mixed", keep_token=True, expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    rounds = [killed(scene, load, number) for number in range(1, TIMES + 1)]
    result.figure("kills", TIMES, "")
    for what, unit, goal in (("accepts WebSockets again after", "s", {"most": ACCEPTS}),
                             ("all registered after", "s", {"most": ALL_BACK}), ("half of them registered after", "s", {})):
        result.figure(what, max(found[what] for found in rounds), unit, **goal)
    result.figure("registered again", min(found["registered again"] for found in rounds), "", least=size.WICS)
    load.judge(size.WICS, closed=TIMES * size.WICS)  # each kill ends all; who is back stays
    scene.alarms("edge")


def killed(scene, load, number):
    """Once; what was found."""
    result, server = scene.result, scene.servers["edge"]
    result.progress(f"SIGKILL {number} of {TIMES}")
    begun = time.monotonic()
    server.kill()
    while load.do("sleep", 0.02)["wics"]["lost"] < size.WICS:
        if time.monotonic() > begun + NOTICE:
            raise TimeoutError("not all WICs have seen the end of their connections")
    late = time.monotonic() - begun
    load.tell("back", size.WICS, SPREAD, "&")
    one_more = accepts(scene, server) - begun
    answer, = load.started("back")
    result.merged(f"back {number}", [answer], late * 1e6)
    result.fact(f"back {number}", answer["failed"])
    # Whoever was first: one more WIC, or one of those that come back and is registered by then.
    return {"accepts WebSockets again after": min(one_more, late + ms(answer, "min") / 1000),
            "all registered after": late + ms(answer, "max") / 1000,
            "half of them registered after": late + ms(answer, "p50") / 1000, "registered again": answer["ok"]}


def accepts(scene, server, limit=60):
    """When it opened a WebSocket for one more WIC."""
    begun = time.monotonic()
    while time.monotonic() < begun + limit:
        wic = Wic("127.0.0.1", server.port, ca=scene.ca, name="localhost", origin="https://web.test", timeout=5)
        try:
            wic.connect()
            wic.drop()
            return time.monotonic()
        except (OSError, ssl.SSLError, WicClosed, WicRefused, WicTimeout):
            time.sleep(0.02)
    raise TimeoutError("Kamailio does not come back")
