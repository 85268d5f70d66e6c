# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody whose requests reach the I-CSCF, and what the HSS was asked because of them."""

import copy
import time

from nodes import Nodes
from wic import Mw, Ua


class Caller(Mw):
    """An S-CSCF, or a node at the border, that sends requests for users of the domain."""

    def __init__(self, port, host="127.0.0.1"):
        super().__init__(peer=(host, port))
        at = f"{self.addr[0]}:{self.addr[1]}"
        self.ua = Ua("sip:caller@other.test", transport="UDP", via_host=at, contact=f"<sip:caller@{at}>")

    def sent(self, method, uri, headers=()):
        """The final answer to a request of that method."""
        request = self.ua.invite(uri) if method == "INVITE" else self.ua.request(method, uri)
        for name, value in headers:
            request.add(name, value)
        answer = self.ask(request)
        if method == "INVITE" and answer.status >= 300:
            self.send_sip(self.ua.ack_failure(request, answer))
        return answer


class Asking(Nodes):
    """Scene with such callers."""

    def named(self, name):
        """The same surroundings; counters and RPC of that Kamailio."""
        view = copy.copy(self)
        view.name = name
        return view

    def asks(self, caller, method, uri):
        """How often the HSS is asked because of such a request."""
        before = self.lirs()
        caller.sent(method, uri)
        return self.lirs() - before

    def lirs(self):
        return int(self.core("asked", "LIR"))

    def gets(self, caller, method, uri, want, lirs, what, headers=()):
        """The answer to that request, and how often the HSS was asked because of it. Seconds."""
        before, began = self.lirs(), time.monotonic()
        answer = caller.sent(method, uri, headers)
        took = time.monotonic() - began
        self.eq(answer.status, want, f"{method} {what}")
        self.eq(self.lirs() - before, lirs, f"questions to the HSS: {method} {what}")
        return answer, took

    def rings(self, caller, phone, what):
        """A call through that node comes to this WIC, and is busy."""
        before, invite = self.lirs(), caller.ua.invite(phone.impu)
        caller.send_sip(invite)
        phone.reply(phone.expect("INVITE"), 486)
        phone.expect("ACK")
        answer = caller.final(invite)
        caller.send_sip(caller.ua.ack_failure(invite, answer))
        self.eq(answer.status, 486, f"INVITE {what}")
        self.eq(answer.all("Record-Route"), [route for route in answer.all("Record-Route") if "@127.0.0.1:" not in route],
                f"Record-Route of its own {what}")
        self.eq(self.lirs() - before, 1, f"questions to the HSS: INVITE {what}")
