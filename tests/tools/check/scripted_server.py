# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A WSS server that runs a script with one client, for what no real server
sends. It uses the stand-in's certificate."""

import base64
import hashlib
import os
import re
import socket
import ssl
import threading

from wic.frames import FrameReader, encode
from wic.handshake import GUID
from standin_env import DIR


class Peer:
    """The server's end of the WebSocket connection."""

    def __init__(self, sock):
        self.sock, self.frames = sock, FrameReader()

    def get(self):
        """The head of the GET."""
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.sock.recv(4096)
        return head

    def upgrade(self):
        """Answer the GET with 101 and its own first sub-protocol."""
        head = self.get()
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head).group(1).decode()
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        self.sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          b"Connection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n"
                          b"Sec-WebSocket-Accept: " + accept.encode() + b"\r\n\r\n")

    def send(self, opcode, payload, **odd):
        """One frame, unmasked as a server's are."""
        self.sock.sendall(encode(opcode, payload, mask=False, **odd))

    def frame(self):
        """The next frame of the client."""
        while (frame := self.frames.take()) is None:
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionError("the client is gone")
            self.frames.feed(data)
        return frame


class ScriptedServer:
    """Serves that many clients with script(Peer), one after the other, in a thread, then
    ends TCP of all that the script has not closed. With upgrade=False the script answers
    the GET itself."""

    def __init__(self, script, upgrade=True, clients=1):
        self._script, self._upgrade, self._clients = script, upgrade, clients
        self._result = None
        self._ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ctx.load_cert_chain(os.path.join(DIR, "cert.pem"), os.path.join(DIR, "key.pem"))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(10)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self._thread.join(10)
        self._listener.close()

    def _serve(self):
        socks = []
        try:
            for _ in range(self._clients):
                raw = self._listener.accept()[0]
                raw.settimeout(5)
                socks.append(self._ctx.wrap_socket(raw, server_side=True))
                peer = Peer(socks[-1])
                if self._upgrade:
                    peer.upgrade()
                self._result = self._script(peer)
        except Exception as why:  # handed to the test by result()
            self._result = why
        finally:
            for sock in socks:
                sock.close()

    def result(self):
        """What the script returned; its exception is raised here."""
        self._thread.join(10)
        if isinstance(self._result, Exception):
            raise self._result
        return self._result
