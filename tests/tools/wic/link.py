# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""One TCP connection with TLS on top, and every way to end or break it."""

import select
import socket
import ssl
import struct
import time

from .endpoint import WicTimeout

IP_BIND_ADDRESS_NO_PORT = 24  # linux/in.h: choose the port at connect, not at bind


def tls_context(ca=None):
    """A client context. ca: a PEM file to verify against (host name too);
    None: no verification at all, for tests that are not about certificates."""
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        ctx.check_hostname = False
        ctx.verify_mode = ssl.CERT_NONE
    else:
        ctx.load_verify_locations(ca)
    return ctx


def client_hello(name="localhost"):
    """The bytes of a good ClientHello, to send by halves."""
    out = ssl.MemoryBIO()
    tls = tls_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


class Link:
    """A TCP connection; plain until start_tls()."""

    def __init__(self, host, port, timeout=5.0, source_port=0, source_host=""):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.timeout = timeout
        # Port-reuse tests bind a port again whose old connection has just
        # died: the option is needed on the old socket and on the new one.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if source_host and not source_port:
            self.sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.settimeout(timeout)
        try:
            if source_port or source_host:
                self.sock.bind((source_host, source_port))
            self.sock.connect((host, port))
        except OSError:
            self.sock.close()
            raise
        self.local = self.sock.getsockname()

    def start_tls(self, ctx, name):
        """TLS handshake with SNI name; ssl.SSLError when it fails."""
        self.sock = ctx.wrap_socket(self.sock, server_hostname=name)

    def send(self, data):
        """All the bytes, through TLS once that is up."""
        self.sock.settimeout(self.timeout)
        self.sock.sendall(data)

    def _below_tls(self):
        """The TCP socket itself, as a second handle for a with statement."""
        return socket.socket(fileno=socket.dup(self.sock.fileno()))

    def send_below_tls(self, data):
        """Bytes on the TCP connection, past TLS: breaks its records."""
        with self._below_tls() as raw:
            raw.settimeout(self.timeout)
            raw.sendall(data)

    def recv(self, deadline):
        """Some bytes; b"" at the end of the stream; WicTimeout at the deadline.
        A reset counts as the end: see how_ended()."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise WicTimeout("nothing received in time")
        self.sock.settimeout(left)
        try:
            return self.sock.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError):
            raise WicTimeout("nothing received in time") from None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionResetError):
            return b""

    def wait_end(self, timeout):
        """Seconds until the peer ended the TCP connection, or None when it
        did not; received bytes are thrown away. Works without TLS state."""
        start = time.monotonic()
        with self._below_tls() as raw:
            while True:
                left = start + timeout - time.monotonic()
                if left <= 0 or not select.select([raw], [], [], left)[0]:
                    return None
                try:
                    if raw.recv(65536) == b"":
                        break
                except ConnectionResetError:
                    break
        return time.monotonic() - start

    def fin(self):
        """End our direction by a plain FIN, no TLS close_notify before it."""
        with self._below_tls() as raw:
            raw.shutdown(socket.SHUT_WR)

    def rst(self):
        """Abort: RST on the wire, nothing more."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        """Give the socket back (FIN, or RST when bytes were left unread)."""
        self.sock.close()
