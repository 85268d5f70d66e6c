# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases about the life of a flow: a Scene that waits and measures, and
requests sent as the S-CSCF sends them."""

import time
from collections import namedtuple

from scene import ENOUGH, Scene, until
from wic import Mw, Ua, WicTimeout

# A Contact as the core knows it, with the Path to reach it.
Known = namedtuple("Known", "contact expires path")


def broken(token):
    """That token with another signature."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def close_notify(wic):
    """Ends TLS as a good client does, with no Close frame before it."""
    wic.link.sock.settimeout(0.2)
    try:
        wic.link.sock.unwrap().close()
    except OSError:
        wic.drop()


class Flows(Scene):
    """The Scene of such a case."""

    def now(self, seconds, test, what):
        """The first true value of test(); the case ends without one in time."""
        value = until(seconds, test)
        if not self.ok(value, f"{what} within {seconds} s"):
            self.done()
        return value

    def times(self, name, times, limits=()):
        """Prints how times (s) are spread. limits: (percentile, s) each."""
        times = sorted(times)
        at = {p: times[min(len(times) - 1, len(times) * p // 100)] for p in (50, 99, 100)}
        self.part(f"{name}: n {len(times)}, median {at[50] * 1000:.0f} ms, "
                  f"p99 {at[99] * 1000:.0f} ms, max {at[100] * 1000:.0f} ms")
        for percentile, most in limits:
            self.ok(at[percentile] <= most, f"{name}: p{percentile} at most {most} s",
                    f"{at[percentile]:.3f} s")

    # --- the flow table
    def rows(self, *command):
        """An RPC's answer as a list of dicts: one for each "{ ... }"."""
        found = []
        for line in self.rpc(*command).splitlines():
            name, colon, value = line.strip().partition(": ")
            if line.strip() == "{":
                found.append({})
            elif colon and found:
                found[-1][name] = int(value) if value.isdigit() else value
        return found

    def connections(self):
        """id -> row of each connection."""
        return {row["connection"]: row for row in self.rows("webrtc_ims.connections")}

    def bindings(self, user):
        """Rows of the IMPU sip:USER@ims.test."""
        return self.rows("webrtc_ims.bindings", "impu", f"sip:{user}@ims.test")

    def connection_of(self, user):
        """Id of the connection of the user's one binding; 0: it waits."""
        rows = self.bindings(user)
        self.eq(len(rows), 1, f"number of bindings of {user}")
        return rows[0]["connection"] if rows else -1

    def table_empties(self, seconds=3):
        """Nothing is left in the flow table."""
        names = ("connections", "bindings", "waiting", "pending", "calls")
        self.comes(dict.fromkeys(names, 0), lambda: {name: self.stats()[name] for name in names},
                   "what is left in the flow table", seconds)

    # --- the core
    def known(self, user):
        """Contacts of sip:USER@ims.test in the core."""
        lines = self.core("registered", f"sip:{user}@ims.test").splitlines()
        return [Known(*line.split(None, 2)) for line in lines]

    def contact(self, user):
        """The one contact that the core has of a user, or will have soon."""
        found = self.now(ENOUGH, lambda: self.known(user), f"contact of {user} in the core")
        self.eq(len(found), 1, f"number of contacts of {user} in the core")
        return found[0]

    def seen_by_method(self):
        """What has entered the core."""
        return {method: self.seen(method) for method in ("REGISTER", "INVITE", "MESSAGE", "CANCEL")}


class CoreSide(Mw):
    """A SIP peer on Mw: sends what the S-CSCF would send to a WIC."""

    def __init__(self, scene):
        super().__init__(peer=scene.mw)
        self.scene = scene
        host = f"127.0.0.1:{self.addr[1]}"
        self.ua = Ua("sip:caller@ims.test", transport="UDP", via_host=host,
                     contact=f"<sip:caller@{host}>")

    def request(self, method, known):
        """A request for a contact of the core, not sent yet."""
        body = [("Contact", self.ua.contact)] if method == "INVITE" else []
        return self.ua.request(method, known.contact, to="<sip:callee@ims.test>", headers=body,
                               routes=[f"<{known.path.strip('<>')}>"])

    def end(self, method, known, timeout=5.0):
        """(status of the final answer or 0, seconds until it came)"""
        msg = self.request(method, known)
        start = time.monotonic()
        try:
            answer = self.ask(msg, timeout)
        except WicTimeout:
            return 0, time.monotonic() - start
        took = time.monotonic() - start
        if method == "INVITE":
            self.send_sip(self.ua.ack_failure(msg, answer))
        return answer.status, took

    def unreachable(self, known, who, within=1.0):
        """MESSAGE and INVITE are refused at once; seconds that it took."""
        times = []
        for method in ("MESSAGE", "INVITE"):
            status, took = self.end(method, known)
            self.scene.ok(status in (430, 480), f"{method} for {who}", f"{status}, expected 430 or 480")
            self.scene.ok(took < within, f"{method} for {who} is refused within {within} s", took)
            times.append(took)
        return times

    def reaches(self, known, wic, what):
        """A MESSAGE comes out at that WIC, once, and its answer comes back."""
        msg = self.request("MESSAGE", known)
        self.send_sip(msg)
        try:
            wic.send_sip(wic.ua.answer(wic.expect("MESSAGE")))
            self.scene.eq(self.final(msg).status, 200, f"{what}: answer to MESSAGE")
        except WicTimeout as why:
            self.scene.ok(False, f"{what}: MESSAGE reaches the WIC", why)
