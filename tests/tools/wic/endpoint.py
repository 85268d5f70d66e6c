# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a Wic and an Mw share: waiting for one message among many."""

import time
from collections import deque

from .sip import SipMessage


class WicTimeout(Exception):
    """Nothing (or not the awaited thing) came in time."""


class Endpoint:
    """Needs send_sip(msg) and _receive(deadline) -> SipMessage of its child.

    Messages that were not waited for are kept, in order, for later calls."""

    def __init__(self, timeout=5.0):
        self.timeout = timeout
        self._kept = deque()

    def _deadline(self, timeout):
        return time.monotonic() + (self.timeout if timeout is None else timeout)

    def _receive(self, deadline):
        raise NotImplementedError

    def send_sip(self, msg):
        """Send one message."""
        raise NotImplementedError

    def recv_sip(self, timeout=None):
        """The next message; WicTimeout when none comes."""
        if self._kept:
            return self._kept.popleft()
        return self._receive(self._deadline(timeout))

    def wait_for(self, want, timeout=None):
        """The first message for which want(msg) is true; others are kept."""
        for msg in self._kept:
            if want(msg):
                self._kept.remove(msg)
                return msg
        deadline = self._deadline(timeout)
        while True:
            msg = self._receive(deadline)
            if want(msg):
                return msg
            self._kept.append(msg)

    def expect(self, method, timeout=None):
        """The next request of that method."""
        return self.wait_for(lambda m: not m.is_response and m.method == method, timeout)

    def each(self, method, quiet):
        """The requests of that method, until none comes for so many seconds."""
        try:
            while True:
                yield self.expect(method, quiet)
        except WicTimeout:
            pass

    def final(self, request, timeout=None):
        """The final response to a request that was sent."""
        def want(msg):
            return (msg.is_response and msg.status >= 200 and msg.call_id == request.call_id
                    and msg.cseq == request.cseq)
        return self.wait_for(want, timeout)

    def ask(self, request, timeout=None):
        """Send a request, return its final response. Provisional ones are
        kept. No retransmission: what is lost is a finding of the test."""
        self.send_sip(request)
        return self.final(request, timeout)

    def quiet(self, seconds):
        """True when nothing at all comes for that long."""
        if self._kept:
            return False
        try:
            self._kept.append(self._receive(time.monotonic() + seconds))
            return False
        except WicTimeout:
            return True


def as_bytes(msg):
    """Wire bytes of a SipMessage, str or bytes (the latter two as they are)."""
    if isinstance(msg, SipMessage):
        return msg.to_bytes()
    return msg.encode() if isinstance(msg, str) else bytes(msg)
