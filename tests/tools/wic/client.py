# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wic: a raw WSS client that can behave well or in any odd way."""

import time

from . import frames
from .endpoint import Endpoint, WicTimeout, as_bytes
from .handshake import HEAD_MAX, WicRefused, check_answer, new_key, upgrade_request
from .link import Link, tls_context
from .sip import SipMessage


class WicClosed(Exception):
    """The connection is over: code and reason of the Close frame, 1006 when
    TCP ended without one."""

    def __init__(self, code, reason):
        super().__init__(f"closed: {code} {reason!r}")
        self.code, self.reason = code, reason


class Wic(Endpoint):
    """One WSS connection.

    host, port: where TCP goes; name: SNI, Host header and the name that the
    certificate must hold (default: host); ca: PEM file, None verifies
    nothing; origin, subprotocol: None sends none; source_port: local port
    to bind, with SO_REUSEADDR; source_host: local address.

    connect() does all three steps; tcp(), tls(), upgrade() do one each.
    Habits, to be switched off by a test: answer_pings, answer_close. A
    Wic reads, and so answers, only while one of its methods is waiting:
    to go silent is to call none of them and not to drop() it."""

    def __init__(self, host, port, ca=None, name=None, origin=None, subprotocol="sip",
                 path="/", source_port=0, source_host="", timeout=5.0, headers=()):
        super().__init__(timeout)
        self.host, self.port, self.ca, self.name = host, port, ca, name or host
        self.origin, self.subprotocol, self.path = origin, subprotocol, path
        self.source_port, self.source_host, self.headers = source_port, source_host, headers
        self.answer_pings = self.answer_close = True
        self.closed = None  # (code, reason) once a Close frame came
        self.pings = 0
        self.link = None
        self._frames = frames.FrameReader()
        self._parts = None  # payload so far of a fragmented message

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.drop()

    # --- opening
    def connect(self):
        """TCP, TLS and upgrade; returns self. OSError, ssl.SSLError or
        WicRefused say which step failed; the socket is closed then."""
        try:
            self.tcp().tls().upgrade()
        except BaseException:
            self.drop()
            raise
        return self

    def tcp(self):
        """TCP connect only."""
        self.link = Link(self.host, self.port, self.timeout, self.source_port, self.source_host)
        return self

    def tls(self, ctx=None):
        """TLS handshake only; ctx shares one context among many clients."""
        self.link.start_tls(ctx or tls_context(self.ca), self.name)
        return self

    def upgrade_bytes(self, key=None):
        """The GET of this client, to be sent by halves or changed."""
        host = f"{self.name}:{self.port}"
        return upgrade_request(host, self.path, self.origin, self.subprotocol, key, self.headers)

    def upgrade(self, request=None):
        """Ask for WebSocket and check the answer; request: other bytes."""
        key = new_key()
        self.link.send(request if request is not None else self.upgrade_bytes(key))
        head = self.read_head()
        check_answer(head, key, self.subprotocol)
        return self

    def read_head(self, timeout=None):
        """Bytes of an HTTP answer up to its blank line."""
        deadline = self._deadline(timeout)
        buf = b""
        while b"\r\n\r\n" not in buf and len(buf) < HEAD_MAX:
            data = self.link.recv(deadline)
            if not data:
                raise WicRefused(0, buf, "no answer, connection closed")
            buf += data
        head, _, rest = buf.partition(b"\r\n\r\n")
        self._frames.feed(rest)
        return head

    # --- sending
    def send_sip(self, msg):
        """One SIP message (SipMessage, str or bytes) as one text frame."""
        self.send_frame(frames.TEXT, as_bytes(msg))

    def send_frame(self, opcode, payload=b"", **odd):
        """One frame; odd: fin, mask, rsv, claim of frames.encode()."""
        self.link.send(frames.encode(opcode, payload, **odd))

    def send_fragments(self, msg, size):
        """One SIP message in several frames of at most size bytes."""
        data = as_bytes(msg)
        cuts = [data[i : i + size] for i in range(0, len(data), size)]
        for i, part in enumerate(cuts):
            opcode = frames.CONT if i else frames.TEXT
            self.send_frame(opcode, part, fin=i == len(cuts) - 1)

    def send_raw(self, data):
        """Bytes inside TLS, no framing: raw SIP, garbage, half a frame."""
        self.link.send(as_bytes(data))

    def ping(self, payload=b"wic", timeout=None):
        """Seconds until the pong of this payload; SIP in between is kept."""
        start = time.monotonic()
        self.send_frame(frames.PING, payload)
        while True:
            frame = self.recv_frame(timeout)
            if frame.opcode == frames.PONG and frame.payload == payload:
                return time.monotonic() - start
            self._take(frame)

    # --- receiving
    def recv_frame(self, timeout=None):
        """The next frame as it is, nothing answered."""
        return self._next_frame(self._deadline(timeout))

    def recv_raw_sip(self, timeout=None):
        """Bytes that came inside TLS without framing (no upgrade made)."""
        return self.link.recv(self._deadline(timeout))

    def serve(self, seconds):
        """Wait, answering pings; SIP that comes is kept for recv_sip()."""
        end = time.monotonic() + seconds
        while True:
            try:
                self._kept.append(self._receive(end))
            except WicTimeout:
                return self

    def _next_frame(self, deadline):
        while True:
            frame = self._frames.take()
            if frame:
                return frame
            data = self.link.recv(deadline)
            if not data:
                raise WicClosed(*(self.closed or (1006, "")))
            self._frames.feed(data)

    def _receive(self, deadline):
        while True:
            msg = self._take(self._next_frame(deadline))
            if msg is not None:
                return msg

    def _take(self, frame):
        """Habits, then defragmentation; a SipMessage when one is complete."""
        if frame.opcode == frames.PING:
            self.pings += 1
            if self.answer_pings:
                self.send_frame(frames.PONG, frame.payload)
        elif frame.opcode == frames.CLOSE:
            self._on_close(frame)
        elif frame.opcode in (frames.TEXT, frames.BINARY, frames.CONT):
            return self._on_data(frame)
        return None

    def _on_close(self, frame):
        self.closed = frames.parse_close(frame.payload)
        if self.answer_close:
            self.send_frame(frames.CLOSE, frame.payload[:2])
            raise WicClosed(*self.closed)

    def _on_data(self, frame):
        if frame.opcode != frames.CONT:
            self._parts = b""
        self._parts = (self._parts or b"") + frame.payload
        if not frame.fin or not self._parts.strip():
            return None
        msg = SipMessage.parse(self._parts)
        msg.source = (self.host, self.port)
        return msg

    def wait_close(self, timeout=None):
        """(code, reason) of the server's Close frame, 1006 when TCP ended
        without one; SIP in between is kept."""
        deadline = self._deadline(timeout)
        try:
            while self.closed is None:
                msg = self._take(self._next_frame(deadline))
                if msg is not None:
                    self._kept.append(msg)
        except WicClosed as end:
            return end.code, end.reason
        return self.closed

    def wait_tcp_end(self, timeout=None):
        """Seconds until the server ended TCP (FIN or RST), None when not."""
        return self.link.wait_end(self.timeout if timeout is None else timeout)

    # --- ending
    def close(self, code=1000, reason="", timeout=None):
        """The clean way: Close, wait for the peer's Close, end TCP.
        Returns the peer's (code, reason)."""
        self.send_frame(frames.CLOSE, frames.close_payload(code, reason))
        self.answer_close = False
        try:
            return self.wait_close(timeout)
        finally:
            self.drop()

    def fin(self):
        """TCP FIN with no Close frame; reading still works."""
        self.link.fin()

    def rst(self):
        """TCP RST."""
        self.link.rst()

    def drop(self):
        """Give the socket back; harmless when there is none."""
        if self.link:
            self.link.close()
