# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An HTTPS server that publishes a JWK set, well or in any odd way.

    python3 jwks_server.py PORT DIR CERTIFICATES OTHER_CERTIFICATES

Looks into DIR at each request: jwks.json is the set, max_age what it says of
its freshness, mode one of MODES. Each connection adds a line to DIR/requests:
the mode."""

import http.server
import os
import ssl
import sys
import time

SLOW = 7  # s; a fetch may take 5
BIG = 10 * 1024 * 1024
MODES = ("good", "500", "empty", "garbage", "big", "redirect", "slow", "certificate", "broken-off")


def text(directory, name, default=""):
    """Contents of a file there."""
    try:
        with open(os.path.join(directory, name), encoding="utf-8") as src:
            return src.read().strip()
    except FileNotFoundError:
        return default


class Handler(http.server.BaseHTTPRequestHandler):
    """One request each connection."""

    def setup(self):
        mode = text(self.server.directory, "mode", "good")
        with open(os.path.join(self.server.directory, "requests"), "a", encoding="ascii") as out:
            out.write(f"{mode}\n")
        self.mode = mode
        context = self.server.contexts[mode == "certificate"]
        self.request.settimeout(SLOW + 5)
        self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self):
        """The set, or what the mode makes of it."""
        {"500": self.status_500, "redirect": self.redirect, "slow": self.slow, "big": self.big,
         "broken-off": self.broken_off}.get(self.mode, self.body)()

    def say(self, code, body, *headers):
        """A whole answer."""
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        """The set, or none."""
        bodies = {"empty": '{"keys": []}', "garbage": "<html>maintenance</html>"}
        body = bodies.get(self.mode) or text(self.server.directory, "jwks.json")
        max_age = text(self.server.directory, "max_age")
        self.say(200, body.encode(), ("Content-Type", "application/jwk-set+json"),
                 *([("Cache-Control", f"max-age={max_age}")] if max_age else ()))

    def status_500(self):
        """A server with a fault; the body would do."""
        self.say(500, text(self.server.directory, "jwks.json").encode())

    def redirect(self):
        """To another host, where the set would be."""
        self.say(302, b"", ("Location", f"https://127.0.0.1:{self.server.server_port}/jwks.json"))

    def slow(self):
        """The set, but too late."""
        time.sleep(SLOW)
        self.body()

    def big(self):
        """More than anybody wants to read."""
        self.say(200, b'{"keys": []}' + b" " * BIG)

    def broken_off(self):
        """Half of the set."""
        body = text(self.server.directory, "jwks.json").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2])

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """The file of requests says enough."""


class Server(http.server.ThreadingHTTPServer):
    """Threads, so that a slow answer keeps nobody else."""

    daemon_threads = True

    def __init__(self, port, directory, *certificates):
        self.directory = directory
        self.contexts = []
        for tls in certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{tls}/server.pem", f"{tls}/server.key")
            self.contexts.append(context)
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        """Clients that give up are what some modes want."""


if __name__ == "__main__":
    Server(int(sys.argv[1]), *sys.argv[2:]).serve_forever()
