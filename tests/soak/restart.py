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


def run(scene):
    """The part."""
    result, server = scene.result, scene.servers["edge"]
    load = scene.load("edge", "mixed", keep_token=True, expires=3600)
    result.progress(f"{size.WICS} WICs come")
    load.hold(size.WICS, size.rate(250))
    result.progress("SIGKILL")
    begun = time.monotonic()
    server.kill()
    while load.do("sleep", 0.02)["wics"]["lost"] < size.WICS:
        pass  # they see that their connections end
    late = time.monotonic() - begun
    load.tell("back", size.WICS, SPREAD, "&")
    one_more = accepts(scene, server) - begun
    answer, = load.started("back")
    # Whoever was first: one more WIC, or one of those that come back and is registered by then.
    result.figure("accepts WebSockets again after", min(one_more, late + ms(answer, "min") / 1000), "s", most=ACCEPTS)
    result.hist("back", answer)
    result.fact("back", answer["failed"])
    result.figure("registered again", answer["ok"], "", least=size.WICS)
    result.figure("all registered after", late + ms(answer, "max") / 1000, "s", most=ALL_BACK)
    result.figure("half of them registered after", late + ms(answer, "p50") / 1000, "s")
    result.progress("everybody is rung")
    load.do("ring", size.rate(100))
    result.figure("ledger clean", int(load.end() == 0), "", least=1)
    scene.alarms("edge")


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
