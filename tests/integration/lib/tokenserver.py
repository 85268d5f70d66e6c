# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A token server (RFC 7662) over HTTPS, with faults on demand.

    server = TokenServer(port, cert, key, client="epcscf", secret="...")
    server.answers["opaque-1"] = {"active": True, ...}
    server.mode = "hang"      # from the next request on
    server.asked              # Counter of tokens that it was asked about"""

import base64
import json
import socket
import ssl
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote_plus


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = 65536  # one segment: Nagle's algorithm would keep the body back

    def setup(self):
        """Notes the connection, so that it can be cut."""
        super().setup()
        self.server.of.connections.add(self.connection)

    def finish(self):
        """It is over."""
        self.server.of.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, *_):
        """Nothing: the test says what it expects."""

    def do_POST(self):
        """The only method there is."""
        server = self.server.of
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
        server.note(self, form)
        getattr(server, f"answer_{server.mode}")(self, form.get("token", [""])[0])

    def do_GET(self):
        """Nobody asks so."""
        self.server.of.strange.append(f"GET {self.path}")
        self.send(405, b"")

    def send(self, status, body, kind="application/json"):
        """One whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class TokenServer:
    """Answers from threads. strange: what came that RFC 7662 does not know."""

    def __init__(self, port, cert, key, client, secret):
        self.port, self.cert, self.key = port, cert, key
        self.credentials = f"{quote_plus(client)}:{quote_plus(secret)}"
        self.answers, self.asked, self.strange = {}, Counter(), []
        self.mode, self.delay = "tokens", 0.0
        self.connections = set()
        self.http = None
        self.start()

    def start(self):
        """Listens (again)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        self.http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler, bind_and_activate=False)
        self.http.daemon_threads, self.http.of = True, self
        self.http.allow_reuse_address = True
        self.http.request_queue_size = 128
        self.http.handle_error = lambda *_: None  # a client that is gone
        self.http.server_bind()
        self.http.server_activate()
        # the handshake in the connection's own thread
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True,
                                               do_handshake_on_connect=False)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        """Nobody listens any more."""
        self.http.shutdown()
        self.http.server_close()

    def kill(self):
        """The same, and whoever is connected loses the connection."""
        self.stop()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def note(self, request, form):
        """Counts the token and looks at the form of the question."""
        self.asked[form.get("token", [""])[0]] += 1
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        good = scheme == "Basic" and base64.b64decode(text).decode() == self.credentials
        if not good or form.get("token_type_hint") != ["access_token"] or len(form["token"]) != 1 \
                or request.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            self.strange.append(f"{request.path} {dict(request.headers)} {sorted(form)}")

    # --- what it does
    def answer_tokens(self, request, token):
        """As it should."""
        time.sleep(self.delay)
        request.send(200, json.dumps(self.answers.get(token, {"active": False})).encode())

    @staticmethod
    def answer_hang(request, _):
        """Nothing, for longer than anybody waits."""
        time.sleep(20)
        request.close_connection = True

    @staticmethod
    def answer_error(request, _):
        """500"""
        request.send(500, b"{}")

    @staticmethod
    def answer_denied(request, _):
        """It does not know who asks (RFC 7662 2.3)."""
        request.send(401, b'{"error": "invalid_client"}')

    @staticmethod
    def answer_garbage(request, _):
        """200 and no JSON"""
        request.send(200, b"<html>welcome</html>", "text/html")

    @staticmethod
    def answer_untyped(request, _):
        """active is no boolean"""
        request.send(200, b'{"active": "true"}')

    @staticmethod
    def answer_huge(request, _):
        """More than anybody reads"""
        request.send(200, b'{"active": true, "x": "' + 100000 * b"x" + b'"}')

    @staticmethod
    def answer_cut(request, _):
        """Half an answer, then the end"""
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        request.wfile.flush()
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True
