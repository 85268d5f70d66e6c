# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Registrations, and connections, whose time is up."""

import os
import time

from flows import CoreSide, Flows
from wic import header_param

UNREGISTERED = int(os.environ["UNREGISTERED"])
LATE = 4.0  # s that an end may be late

flows = Flows()
core = CoreSide(flows)


class Ending:
    """A registration that ends after so many seconds."""

    def __init__(self, user, granted, asked, *token_options):
        self.user, self.granted = user, granted
        self.wic = flows.connected(user)
        self.wic.ua.token = flows.token(user, *token_options)
        answer = self.wic.register(expires=asked)
        self.since = time.monotonic()
        flows.eq(answer.status, 200, f"answer to REGISTER of {user}")
        got = int(header_param(answer.get("Contact"), "expires"))
        flows.ok(granted - 1 <= got <= granted, f"{user} asked for {asked}, is granted {granted}", got)
        self.granted = got
        self.known = flows.contact(user)
        flows.ok(int(self.known.expires) > 60, f"the core registers {user} for longer", self.known.expires)
        core.reaches(self.known, self.wic, f"{user} is registered")

    def ends(self):
        """Reachable until its time is up, not afterwards; the core is told."""
        left = self.since + self.granted - 0.4 - time.monotonic()
        if left > 0:
            time.sleep(left)
            core.reaches(self.known, self.wic, f"{self.user} shortly before its end")
        flows.now(LATE + 1, lambda: not flows.bindings(self.user), f"end of the binding of {self.user}")
        took = time.monotonic() - self.since
        flows.part(f"{self.user}: granted {self.granted} s, ended after {took:.2f} s")
        flows.ok(self.granted - 0.1 <= took <= self.granted + LATE, f"{self.user} ends in time", took)
        core.unreachable(self.known, f"{self.user}, whose time is up")
        flows.comes([], lambda: flows.known(self.user), f"contacts of {self.user} in the core")
        flows.ok(self.wic.quiet(0.05), f"nothing reaches {self.user} after its end")


def refused():
    """Too brief for us, or for the token."""
    wic = flows.connected("dora")
    answer = wic.register(expires=2)
    flows.eq((answer.status, answer.get("Min-Expires")), (423, "3"), "REGISTER for 2 s")
    flows.eq(wic.register(token=flows.token("dora", "--exp-in", "2")).status, 401,
             "REGISTER with a token for 2 s")
    flows.eq(flows.known("dora"), [], "contacts of dora in the core")
    return wic


def leaves():
    """A WIC's own de-REGISTER, and once more."""
    wic = flows.phone("erin")
    known = flows.contact("erin")
    for count in ("first", "second"):
        flows.eq(wic.register(expires=0).status, 200, f"answer to the {count} de-REGISTER")
    core.unreachable(known, "a WIC that has left")
    flows.comes([], lambda: flows.known("erin"), "contacts of erin in the core")
    return wic


def closed_unregistered(wic, since, who):
    """Closed in time, with a Close frame; one that waits to be read came at some time before."""
    read = time.monotonic() - since
    code, reason = wic.wait_close(UNREGISTERED + LATE + 1)
    took = time.monotonic() - since
    flows.part(f"{who}: closed after {took:.2f} s: {code} {reason}")
    flows.eq(code, 1008, f"close code of {who}")
    flows.ok(took <= max(UNREGISTERED, read) + LATE, f"{who} is closed in time", took)


start = time.monotonic()
never, brief = flows.connected("wic1"), refused()
stays = flows.phone("wic2")
refreshed = Ending("carol", 3, 3)
endings = [Ending("alice", 3, 3), Ending("bob", 5, 5, "--exp-in", "60")]
gone = leaves()
time.sleep(max(0, refreshed.since + 2 - time.monotonic()))
flows.eq(refreshed.wic.register(expires=600).status, 200, "answer to a refresh")
for one in endings:
    one.ends()
core.reaches(refreshed.known, refreshed.wic, "refreshed in time")
closed_unregistered(never, start, "a connection without a REGISTER")
closed_unregistered(brief, start, "a connection whose REGISTERs were refused")
closed_unregistered(endings[0].wic, endings[0].since + endings[0].granted, "a connection after its end")
core.reaches(flows.contact("wic2"), stays, "a registered WIC, all the time")
flows.eq(flows.stats()["bindings"], 2, "bindings in the end")
flows.done()
