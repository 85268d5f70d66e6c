# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way in which a WIC is lost, and idle ones that are not."""

import os
import threading
import time

from flows import CoreSide, Flows, close_notify
from wic import WicClosed, frames

PERIOD = int(os.environ["PING_PERIOD"])  # s between pings
LIMITS = ((99, 1.0), (100, 2.0))         # s until a loss is noticed
PERIODS = 6                              # how long the idle ones stay
IN_FLIGHT = 0.02                         # s; what was sent before may wait for WIC_TIMEOUT_MS
PER_WAY, IDLE, SILENT = 6, 12, 8

flows = Flows()
core = CoreSide(flows)


def say_close(wic):
    """A Close frame, and no more."""
    wic.send_frame(frames.CLOSE, frames.close_payload(1000))


WAYS = {"FIN": lambda wic: wic.fin(), "RST": lambda wic: wic.rst(), "close_notify": close_notify,
        "Close": say_close}


class Idle(threading.Thread):
    """A registered WIC that does nothing but answer pings, until it is told."""

    def __init__(self, user):
        super().__init__(daemon=True)
        self.wic, self.ended, self.enough = flows.phone(user), None, False

    def run(self):
        try:
            while not self.enough:
                self.wic.serve(0.5)
        except (WicClosed, OSError) as why:
            self.ended = why


class Silent(threading.Thread):
    """A registered WIC that sends nothing any more; it notes when it is pinged
    first, whose pong is missed, and when TCP ends."""

    def __init__(self, user):
        super().__init__(daemon=True)
        self.user, self.wic = user, flows.phone(user)
        self.since, self.pinged, self.lost, self.ended = time.monotonic(), None, None, None
        self.conn = flows.connection_of(user)

    def run(self):
        try:
            while True:
                frame = self.wic.recv_frame(60)
                if frame.opcode == frames.PING:
                    self.pinged = self.pinged or time.monotonic()
        except (WicClosed, OSError):
            self.ended = time.monotonic()


def noticed(conn, since):
    """Seconds until the connection is not in the flow table."""
    flows.now(3, lambda: conn not in flows.connections(), f"connection {conn} noticed to be lost")
    return time.monotonic() - since


def lose_one(way, user):
    """Unreachable at once; (seconds until refused, until noticed)"""
    wic = flows.phone(user)
    known, conn = flows.contact(user), flows.connection_of(user)
    core.reaches(known, wic, f"before {way}")
    since = time.monotonic()
    WAYS[way](wic)
    time.sleep(IN_FLIGHT)
    refused = core.unreachable(known, f"a WIC that ended by {way}")
    took = noticed(conn, since)
    flows.eq([row["connection"] for row in flows.bindings(user)], [0], f"binding after {way}")
    wic.drop()
    return refused, took


def one_by_one():
    """Each way, some times."""
    refused, took = [], []
    for i, way in enumerate(list(WAYS) * PER_WAY):
        more, seconds = lose_one(way, f"wic{i}")
        refused += more
        took.append(seconds)
    flows.times("until the core's request is refused", refused, ((100, 1.0),))
    flows.times("until a loss is noticed (an upper bound)", took, LIMITS)


def all_at_once():
    """The same number, in the same moment."""
    wics = [flows.phone(f"wic{i}") for i in range(100, 100 + 4 * PER_WAY)]
    ids = {flows.connection_of(wic.user) for wic in wics}
    known = [flows.contact(wic.user) for wic in wics]
    took, since = [], time.monotonic()
    for wic, way in zip(wics, list(WAYS) * PER_WAY):
        WAYS[way](wic)
    while ids and time.monotonic() < since + 5:
        here = ids & set(flows.connections())
        took += [time.monotonic() - since] * (len(ids) - len(here))
        ids = here
    flows.eq(ids, set(), "connections that are never noticed to be lost")
    flows.times("until a loss is noticed, all at once", took, LIMITS)
    for target in known:
        core.unreachable(target, "one of many that ended")


def watch(silent):
    """Until each silent one is lost. A pong is missed when nothing has come
    for a ping period; pings begin at half of it."""
    def all_lost():
        here = flows.connections()
        for one in silent:
            if one.lost is None and one.conn not in here:
                one.lost = time.monotonic()
        return all(one.lost for one in silent)

    flows.now(3 * PERIOD, all_lost, "loss of every silent WIC")
    flows.now(2, lambda: all(one.ended for one in silent), "end of TCP of every silent WIC")
    flows.ok(all(one.pinged for one in silent), "every silent WIC was pinged")
    flows.times("silent: from the last sign of life to the first ping",
                [one.pinged - one.since for one in silent])
    flows.times("silent: from the missed pong to the loss", [one.lost - one.since - PERIOD for one in silent],
                ((100, 2.0),))
    flows.times("silent: from the loss to the end of TCP", [max(0.0, one.ended - one.lost) for one in silent])
    flows.ok(min(one.lost - one.since for one in silent) > PERIOD, "nobody is lost within a ping period")


idle = [Idle(f"wic{i}") for i in range(200, 200 + IDLE)]
start = time.monotonic()
for thread in idle:
    thread.start()
silent_ones = []
for number in range(SILENT):
    silent_ones.append(Silent(f"wic{300 + number}"))
    silent_ones[-1].start()
    time.sleep(0.13)
contacts = [flows.contact(one.user) for one in silent_ones]
watch(silent_ones)
for contact in contacts:
    core.unreachable(contact, "a silent WIC")
one_by_one()
all_at_once()
time.sleep(max(0, start + PERIODS * PERIOD + 0.5 - time.monotonic()))
stayed = time.monotonic() - start
flows.eq([(thread.wic.user, thread.ended) for thread in idle if thread.ended], [], "idle WICs closed")
flows.eq([len(flows.bindings(thread.wic.user)) for thread in idle], [1] * IDLE, "idle WICs still registered")
for thread in idle:
    thread.enough = True
    thread.join()
flows.part(f"{IDLE} idle WICs stayed for {stayed:.0f} s, {stayed / PERIOD:.1f} ping periods, and "
           f"answered {sum(thread.wic.pings for thread in idle)} pings")
flows.done()
