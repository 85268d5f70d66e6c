# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Closing from our side, against peers of every kind."""

import time

from flows import CoreSide, Flows, broken
from wic import WicClosed, WicTimeout, frames

CUT = 2.0       # s from the refusal to the end of TCP
REASON_MAX = 123
SILENT = 6.5    # s; a worker gives a silent connection back after 5

flows = Flows()
BAD = broken(flows.token("alice"))


def refused(answer_close=False):
    """A WIC whose token was refused, and when."""
    wic = flows.connected("alice")
    wic.answer_close = answer_close
    flows.eq(wic.register(token=BAD).status, 401, "answer to a token with another signature")
    return wic, time.monotonic()


def closed_well(wic, code, reason):
    """The Close frame that came."""
    got = wic.wait_close(1)
    flows.eq(got, (code, reason), "close code and reason")
    flows.ok(len(got[1].encode()) <= REASON_MAX, "length of the close reason", len(got[1]))


def end_of(wic, since, who):
    """TCP ends in time; seconds since the refusal."""
    flows.ok(wic.wait_tcp_end(CUT + 3) is not None, f"{who}: TCP is cut")
    took = time.monotonic() - since
    flows.part(f"{who}: TCP ended {took:.2f} s after the refusal")
    flows.ok(took <= CUT, f"{who}: TCP ends within {CUT} s", f"{took:.2f} s")
    wic.drop()
    return took


def polite():
    """Answers the Close: nothing to wait for."""
    wic, since = refused(answer_close=True)
    closed_well(wic, 4401, "signature_bad")
    return end_of(wic, since, "answers Close")


def deaf():
    """Takes no notice of the Close and sends nothing."""
    wic, since = refused()
    closed_well(wic, 4401, "signature_bad")
    return end_of(wic, since, "ignores Close")


def half_frame():
    """As deaf, within a frame: a worker waits for the rest of it."""
    wic, since = refused()
    wic.send_raw(frames.encode(frames.TEXT, wic.ua.register().to_bytes())[:200])
    return end_of(wic, since, "ignores Close within a frame")


def one_more(wic, msg):
    """What a closing connection answers: a status, or None."""
    wic.send_sip(msg)
    time.sleep(0.01)
    try:
        return wic.final(msg, 0.05).status
    except WicTimeout:
        return None


def stubborn():
    """Goes on sending good REGISTERs and other requests until TCP ends."""
    before = flows.seen_by_method()
    wic, since = refused()
    answers = []
    try:
        while time.monotonic() < since + CUT + 3:
            for msg in (wic.ua.register(), wic.ua.message("sip:bob@ims.test", "hello"),
                        wic.ua.invite("sip:bob@ims.test")):
                answers.append(one_more(wic, msg))
    except (OSError, WicClosed):
        pass
    took = time.monotonic() - since
    flows.part(f"goes on sending: {len(answers)} requests, TCP ended after {took:.2f} s")
    flows.ok(took <= CUT, f"goes on sending: TCP ends within {CUT} s", took)
    flows.ok(len(answers) > 6 and answers.count(403) > 3, "requests on the closing connection", answers)
    flows.ok(set(answers) <= {403, None}, "answers on a closing connection", set(answers))
    flows.eq(flows.seen_by_method(), before, "what the core saw of a closing connection")
    wic.drop()
    return took


def close_by_rpc(conn):
    """The time of that."""
    flows.eq(flows.rpc("webrtc_ims.close", str(conn)), "", "answer to the RPC")
    return time.monotonic()


class Silent:
    """Three that will be silent for so long that only tcp main has them: one
    that answers the Close, one that ignores it, one that never registered."""

    def __init__(self):
        self.wics = [flows.phone("bob"), flows.phone("carol"), flows.connected("alice")]
        self.since = time.monotonic()
        self.ids = [flows.connection_of(name) for name in ("bob", "carol")]
        self.ids += [conn for conn, row in flows.connections().items() if row["bindings"] == 0]
        flows.eq(len(self.ids), 3, "number of connections")

    def close(self):
        """By RPC, once they have been silent for long; seconds until TCP ended."""
        time.sleep(max(0.0, self.since + SILENT - time.monotonic()))
        took = []
        for wic, conn, who in zip(self.wics, self.ids, ("answers Close", "ignores Close", "not registered")):
            wic.answer_close = who == "answers Close"
            since = close_by_rpc(conn)
            closed_well(wic, 4900, "closed by the operator")
            took.append(end_of(wic, since, f"silent, {who}"))
        return took


def registered_one():
    """Closed by RPC: unreachable while the Close frame is on its way, and the
    core is told without the grace."""
    core, wic = CoreSide(flows), flows.phone("wic1")
    wic.answer_close = False
    known = flows.contact("wic1")
    core.reaches(known, wic, "before the close")
    since = close_by_rpc(flows.connection_of("wic1"))
    core.unreachable(known, "a closing connection")
    flows.eq(flows.bindings("wic1"), [], "bindings of wic1")
    flows.comes([], lambda: flows.known("wic1"), "contacts of wic1 in the core", 1.5)
    flows.part(f"closed by RPC: gone from the core after {time.monotonic() - since:.2f} s")
    closed_well(wic, 4900, "closed by the operator")
    flows.ok(wic.quiet(0.1), "nothing from the core reaches a closing connection")
    return end_of(wic, since, "registered, closed by RPC")


silent = Silent()
refusals = [polite(), deaf(), half_frame(), stubborn(), registered_one()]
flows.times("from the refusal to the end of TCP", refusals + silent.close())
flows.table_empties()
flows.done()
