# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A subscriber of the core who calls many, each for a moment."""

import threading
import time
from collections import deque

from wic import Dialog, Mw, Ua, WicTimeout


class Caller(threading.Thread):
    """Registered in the core from behind a P-CSCF of its own, both played here.

    Calls are given by call(); what became of each is its row in calls, by
    Call-ID: t, impu, status (0: no final answer yet), took (s)."""

    def __init__(self, place, user="carol", host="10.20.2.100"):
        super().__init__(name=f"caller {user}", daemon=True)
        self.place = place
        self.mw = Mw(host=host, peer=place.icscf)
        at = f"{self.mw.addr[0]}:{self.mw.addr[1]}"
        self.impu = f"sip:{user}@{place.domain}"
        self.ua = Ua(self.impu, transport="UDP", via_host=at, contact=f"<sip:{user}@{at}>")
        self.user, self.calls, self.todo = user, {}, deque()
        self.over = threading.Event()
        self.sent = {}

    def register(self):
        """REGISTER by TNA, as a P-CSCF that the core trusts sends it."""
        domain = self.place.domain
        tna = (f'Digest username="{self.user}@{domain}", realm="{domain}", uri="sip:{domain}", '
               'nonce="", response="", integrity-protected="auth-done"')
        answer = self.mw.ask(self.ua.register(3600, headers=[
            ("Path", f"<sip:edge@{self.mw.addr[0]}:{self.mw.addr[1]};lr>"), ("Require", "path"),
            ("P-Visited-Network-ID", domain), ("Authorization", tna)]))
        if answer.status != 200:
            raise SystemExit(f"FAIL: REGISTER of {self.user} at the core: {answer.start}")
        self.ua.registered(answer)
        return self

    def call(self, impu):
        """One more call; returns its row."""
        invite = self.ua.invite(impu)
        invite.add("P-Asserted-Identity", f"<{self.impu}>").add("P-Charging-Vector", "icid-value=crowd-0001")
        row = {"call": invite.call_id, "impu": impu, "t": time.monotonic(), "status": 0, "took": 0.0}
        self.calls[invite.call_id] = row
        self.todo.append(invite)
        return row

    def run(self):
        while not self.over.is_set():
            while self.todo:
                invite = self.todo.popleft()
                self.calls[invite.call_id]["t"] = time.monotonic()
                self.sent[invite.call_id] = invite
                self.mw.send_sip(invite, self.place.scscf)
            try:
                self.take(self.mw.recv_sip(0.02))
            except WicTimeout:
                pass

    def take(self, msg):
        """An answer, or what the other side asks."""
        if not msg.is_response:
            self.mw.send_sip(self.ua.answer(msg), msg.source)
            return
        invite = self.sent.get(msg.call_id)
        if not invite or msg.method != "INVITE" or msg.status < 200:
            return
        row = self.calls[msg.call_id]
        if msg.status >= 300:
            self.mw.send_sip(self.ua.ack_failure(invite, msg), self.place.scscf)
        elif not row["status"]:
            self.talk(Dialog.of_caller(msg))
        if not row["status"]:
            row["status"], row["took"] = msg.status, time.monotonic() - row["t"]

    def talk(self, dialog):
        """Answered: ACK, and BYE at once."""
        for request in (self.ua.ack(dialog), self.ua.bye(dialog)):
            uri = request.get("Route").partition("<sip:")[2].partition(">")[0].partition(";")[0]
            host, _, port = uri.rpartition("@")[2].partition(":")
            self.mw.send_sip(request, (host, int(port or 5060)))

    def end(self):
        """Stops it."""
        self.over.set()
        self.join()
        self.mw.close()
