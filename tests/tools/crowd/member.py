# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A WIC as a web page keeps it: registered as long as it can be."""

import random
import ssl
import threading
import time

from wic import Ua, Wic, WicClosed, WicRefused, WicTimeout, address_uri, header_param

CONNECT_TIMEOUT = 3.0
ANSWER_TIMEOUT = 6.0
PAUSE_MAX = 4.0  # s between attempts to come back
LOOK = 0.5  # s after which it sees that it is told to leave


class Member(threading.Thread):
    """One WIC in a thread of its own.

    user: subject of its token; impu: the one it claims, None: it is given one;
    edges: names of eP-CSCFs in the order it prefers; expires: s it asks for.
    registration: what it was last told, None when it is not registered."""

    def __init__(self, place, ledger, name, user, token, edges, impu=None, expires=60, context=None):
        super().__init__(name=name, daemon=True)
        self.place, self.ledger, self.user = place, ledger, user
        self.edges, self.at = list(edges), 0
        self.claims, self.expires, self.context = impu, expires, context
        self.ua = Ua(impu or f"sip:{user}@{place.domain}", token=token)
        self.wic = self.edge = self.registration = None
        self.answer = 486
        self.next_refresh = 0.0
        self.leaving, self.going_home = threading.Event(), False

    # --- what others ask
    @property
    def live(self):
        """Its registration was acknowledged and has not run out, and its
        connection is open."""
        now = self.registration
        return now is not None and time.monotonic() < now["until"]

    def leave(self):
        """De-registers and ends; join() waits for it."""
        self.leaving.set()

    def go_home(self):
        """Comes back to the eP-CSCF that it prefers, as a page that is reloaded."""
        self.going_home = self.edge != self.edges[0]

    def tell(self, what, **fields):
        """A row of the ledger."""
        return self.ledger.add(what, wic=self.name, user=self.user, edge=self.edge, **fields)

    # --- its life
    def run(self):
        pause = 0.2
        while not self.leaving.is_set():
            try:
                self.connect()
                self.stay()
            except (OSError, ssl.SSLError, WicRefused, WicTimeout, WicClosed) as why:
                if self.lost(why):
                    pause = 0.2
            if self.leaving.wait(pause * random.uniform(0.5, 1.5)):
                break
            pause = min(PAUSE_MAX, pause * 2)

    def lost(self, why):
        """The connection is over: the next eP-CSCF is tried. True when it was
        registered."""
        if self.wic:
            self.wic.drop()
        had = self.registration
        self.registration = None
        self.tell("lost", why=repr(why), code=getattr(why, "code", 0), registered=bool(had))
        self.at = 0 if self.going_home else (self.at + 1) % len(self.edges)
        self.going_home = False
        return bool(had)

    def connect(self):
        """A connection to the eP-CSCF whose turn it is."""
        self.edge = self.edges[self.at]
        host, port = self.place.edges[self.edge]
        self.wic = Wic(host, port, name="localhost", origin=self.place.origin, timeout=CONNECT_TIMEOUT)
        self.wic.tcp().tls(self.context).upgrade()

    def stay(self):
        """Registered, refreshed, answering, until it is told to leave."""
        self.register()
        while not self.leaving.is_set():
            due = self.next_refresh - time.monotonic()
            if self.going_home:
                raise WicClosed(0, "goes home")
            if due <= 0:
                self.register()
                continue
            try:
                self.take(self.wic.recv_sip(min(due, LOOK)))
            except WicTimeout:
                pass
        self.register(0)
        self.wic.close(timeout=1)
        self.tell("left")

    # --- registration
    def register(self, expires=None):
        """One REGISTER and what follows from its answer; other requests that
        come meanwhile are answered."""
        asked = self.ua.register(self.expires if expires is None else expires)
        sent = time.monotonic()
        self.wic.send_sip(asked)
        answer = self.answer_to(asked)
        took = time.monotonic() - sent
        if answer.status == 200:
            self.acknowledged(answer, took)
        else:
            self.refused(answer, took)

    def answer_to(self, asked):
        """The final answer to a request."""
        end = time.monotonic() + ANSWER_TIMEOUT
        while True:
            msg = self.wic.recv_sip(max(0.0, end - time.monotonic()))
            if msg.is_response:
                if msg.status >= 200 and (msg.call_id, msg.cseq) == (asked.call_id, asked.cseq):
                    return msg
            else:
                self.take(msg)

    def acknowledged(self, answer, took):
        """200: the IMPU and for how long."""
        self.ua.registered(answer)
        own = next((c for c in answer.values("Contact") if address_uri(c) == address_uri(self.ua.contact)), None)
        left = int(header_param(own, "expires") or self.expires) if own else 0
        impu = address_uri(answer.values("P-Associated-URI")[0]) if answer.get("P-Associated-URI") else self.claims
        now = time.monotonic()
        self.next_refresh = now + left * random.uniform(0.5, 0.7)
        row = self.tell("ok", impu=impu, contact=address_uri(self.ua.contact), left=left, took=round(took, 4))
        self.registration = {"impu": impu, "edge": self.edge, "since": row["t"], "until": now + left} if left else None

    def refused(self, answer, took):
        """It tries again when it is told to; registered at a second refusal, or
        not at all, it goes elsewhere."""
        later = int((answer.get("Retry-After") or "1").partition(";")[0])
        self.tell("refused", status=answer.status, later=later, took=round(took, 4))
        if answer.status != 503 or not self.live:
            raise WicClosed(answer.status, "refused")
        self.next_refresh = time.monotonic() + min(later, PAUSE_MAX)

    # --- calls
    def take(self, msg):
        """Answers a request."""
        if msg.is_response:
            return
        if msg.method == "INVITE":
            self.tell("rang", call=msg.call_id, uri=msg.uri, impu=(msg.get("P-Called-Party-ID") or "").strip("<>"))
            self.invite = msg
            self.wic.send_sip(self.ua.answer(msg, self.answer))
        elif msg.method == "CANCEL":
            self.tell("cancelled", call=msg.call_id)
            self.wic.send_sip(self.ua.answer(msg))
            if self.answer < 200:
                self.wic.send_sip(self.ua.answer(self.invite, 487))
        elif msg.method == "ACK":
            self.tell("ack", call=msg.call_id)
        else:
            self.tell("asked", method=msg.method, call=msg.call_id)
            self.wic.send_sip(self.ua.answer(msg))
