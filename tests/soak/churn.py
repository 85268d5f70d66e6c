# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What changes while WICs are held: connections that end and come back, WICs that de-register and
register again."""

from . import size
from .load import failures

LOST = 2  # a second, of 5,000 WICs; FIN and RST, minute by minute
GONE = 1  # a second that de-register
LOSING = 0.75  # min of each; the core is told of the last one 5 s later, before he comes back
BACK = 0.5  # min within which they begin to come back, in the next one
STEPS = 30  # of a minute: who has de-registered may stay so for 10 s only


class Churn:
    """Beside the load of a part."""

    def __init__(self, load):
        self.load = load
        self.away = max(2, round(LOST * size.WICS / 5000 * 60 * LOSING))
        self.gone = max(1, round(GONE * size.WICS / 5000 * 60 / STEPS))
        self.lost = []

    def minute(self, number, last):
        """Takes as long; nobody is lost in the last one, and all are registered in the end."""
        load = self.load
        load.quiet = ("unregister", "register")
        if number:
            self.lost.append(load.next("lose"))  # of the minute before; the core knows all of them
            load.tell("back", self.away, size.seconds(BACK), "&")
        if not last:
            losing = size.seconds(LOSING)
            load.tell("lose", "fin" if number % 2 else "rst", self.away, self.away / losing, "&")
        step = size.seconds(1) / STEPS
        for i in range(STEPS):
            now = load.do("sleep", step)["wics"]
            if now["open"]:
                load.tell("register", now["open"], 4 * now["open"] / step, "&")
            if not last and i < STEPS - 2:
                load.tell("unregister", self.gone, 2 * self.gone / step, "&")

    def ends(self, result):
        """All are back; what came of it."""
        for verb, what in (("lose", "connections lost"), ("back", "WICs that came back"),
                           ("unregister", "WICs that de-registered"), ("register", "WICs that registered again")):
            answers = self.load.started(verb) + (self.lost if verb == "lose" else [])
            failed = failures(answers)
            busy = failed.pop("busy", 0)  # a WIC had begun something else by itself
            result.figure(what, sum(a["ok"] for a in answers), "")
            result.fact(f"{what}: failed", failed | ({"busy": busy} if busy else {}))
            result.figure(f"{what}: failed", sum(failed.values()), "", most=0)
