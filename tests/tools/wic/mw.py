# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Mw: a raw SIP peer on UDP or TCP, for the core's side of the eP-CSCF.

It sends any request to the Mw port, or plays a core that answers badly."""

import select
import socket
import time
from collections import deque

from .endpoint import Endpoint, WicTimeout, as_bytes
from .sip import SipMessage, cut_stream
from .ua import response

DATAGRAM_MAX = 65535


class Mw(Endpoint):
    """Bound to host:port (0: any free one) with proto "udp" or "tcp".

    peer: (host, port) to which send_sip goes when no other is named.
    .addr is what was bound, .uri the SIP URI of it."""

    def __init__(self, host="127.0.0.1", port=0, proto="udp", peer=None, timeout=5.0):
        super().__init__(timeout)
        self.proto, self.peer = proto, peer
        kind = socket.SOCK_DGRAM if proto == "udp" else socket.SOCK_STREAM
        self._sock = socket.socket(socket.AF_INET, kind)
        self._streams = {}  # TCP socket -> its bytes so far
        self._inbox = deque()  # (bytes, source) of whole messages
        self._by_addr = {}  # (host, port) of the peer -> TCP socket
        if proto == "tcp":
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind((host, port))
        if proto == "tcp":
            self._sock.listen(16)
        self.addr = self._sock.getsockname()
        self.uri = f"sip:{self.addr[0]}:{self.addr[1]};transport={proto}"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    # --- sending
    def send_sip(self, msg, to=None):
        """One message to (host, port) `to`, or to peer."""
        target = to or self.peer
        if self.proto == "udp":
            self._sock.sendto(as_bytes(msg), target)
        else:
            self._stream_to(target).sendall(as_bytes(msg))

    def answer(self, request, code, reason=None, headers=(), body=b"", to_tag=None):
        """Build a response and send it to where the request came from (over
        the same connection on TCP); returns it."""
        msg = response(request, code, reason, headers, body, to_tag)
        self.send_sip(msg, request.source)
        return msg

    def _stream_to(self, target):
        sock = self._by_addr.get(target)
        if sock is None:
            sock = socket.create_connection(target, self.timeout)
            self._keep(sock, target)
        return sock

    def _keep(self, sock, addr):
        self._by_addr[addr] = sock
        self._streams[sock] = bytearray()

    # --- receiving
    def _receive(self, deadline):
        while not self._inbox:
            left = deadline - time.monotonic()
            ready = select.select([self._sock, *self._streams], [], [], left)[0] if left > 0 else []
            if not ready:
                raise WicTimeout("nothing received in time")
            for sock in ready:
                self._read(sock)
        data, source = self._inbox.popleft()
        msg = SipMessage.parse(data)
        msg.source = source
        return msg

    def _read(self, sock):
        if sock is not self._sock:
            self._read_stream(sock)
        elif self.proto == "tcp":
            self._keep(*sock.accept())
        else:
            data, source = sock.recvfrom(DATAGRAM_MAX)
            if data.strip(b"\r\n\0"):  # else a keep-alive
                self._inbox.append((data, source))

    def _read_stream(self, sock):
        try:
            data = sock.recv(65536)
        except ConnectionResetError:
            data = b""
        source = next(a for a, s in self._by_addr.items() if s is sock)
        if not data:
            del self._streams[sock], self._by_addr[source]
            sock.close()
            return
        buf = self._streams[sock]
        buf += data
        while (whole := cut_stream(buf)) is not None:
            if whole:
                self._inbox.append((whole, source))

    # --- ending
    def close(self):
        """Close every socket."""
        for sock in [self._sock, *self._streams]:
            sock.close()
