# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTPS servers that do what they should not, one a port; a path chooses how."""

import gzip
import json
import socket
import ssl
import threading
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # of naming TLS 1.1 at all

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def whole(head, body):
    """Head and body, with the length."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(pieces):
    """The chunked transfer coding."""
    return b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


BOMB = gzip.compress(b"x" * 50_000_000)

PLAIN = {
    "/ok": whole(OK + b"Cache-Control: public, max-age=600\r\nAge: 100\r\n", b'{"keys":[]}'),
    "/no-age": whole(OK, b"{}"),
    "/no-store": whole(OK + b"Cache-Control: no-store\r\n", b"{}"),
    "/empty": whole(OK, b""),
    "/garbage": whole(OK, bytes(range(256))),
    "/limit": whole(OK, b"x" * 1000),
    "/limit-and-one": whole(OK, b"x" * 1001),
    "/10mb": whole(OK, b"x" * 10_000_000),
    "/10mb-chunked": OK + chunked([b"x" * 100_000] * 100),
    "/chunked": OK + chunked([b'{"ke', b'ys":[]}']),
    "/bad-chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
    "/gzip": whole(OK + b"Content-Encoding: gzip\r\n", BOMB),
    "/te-gzip": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "/cut": OK + b"Content-Length: 100\r\n\r\nhalf",
    "/cut-head": b"HTTP/1.1 200",
    "/no-http": b"220 mail.test ESMTP\r\n",
    "/nothing": b"",
    "/large-head": OK + b"X: y\r\n" * 10000 + b"\r\n",
    "/interim": b"HTTP/1.1 103 Early Hints\r\nCache-Control: max-age=9\r\n\r\n" * 3 + whole(OK, b"{}"),
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/206": whole(b"HTTP/1.1 206 Partial Content\r\n", b"{}"),
    "/304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "/401": whole(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n", b"{}"),
    "/404": whole(b"HTTP/1.1 404 Not Found\r\n", b'{"keys":[]}'),
    "/500": whole(b"HTTP/1.1 500 Internal Server Error\r\n", b'{"keys":[]}'),
}


class Server:
    """One port. seen: the first line and head of each request."""

    def __init__(self, ctx=None, handler=None):
        self.ctx = ctx
        self.handler = handler or self.http
        self.seen = []
        self.open = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=400)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path, host="localhost", scheme="https"):
        """Of a path here."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self):
        """What was asked for."""
        return [head.split(" ")[1] for head, _ in self.seen]

    def accept(self):
        """Each connection in a thread of its own."""
        while True:
            conn, _ = self.socket.accept()
            self.open.append(conn)
            if self.handler is not silent:
                threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        """One connection; whatever the other end does is its own affair."""
        try:
            with (self.ctx.wrap_socket(conn, server_side=True) if self.ctx else conn) as stream:
                self.handler(stream)
        except OSError:
            pass

    def http(self, stream):
        """One request after the other."""
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = stream.recv(65536)
                if not more:
                    return
                data += more
            head, _, data = data.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
            while len(data) < int(fields.get("content-length", 0)):
                data += stream.recv(65536)
            self.seen.append((head.decode(), data))
            if not self.answer(stream, head.decode(), data):
                return
            data = b""

    def answer(self, stream, head, body):
        """False: the connection is to be closed."""
        path = head.split(" ")[1]
        if path.startswith("/redirect"):
            code, where = path.split("/")[2], "/target" if path.endswith("same") else OTHER.url("/target")
            stream.sendall(whole(f"HTTP/1.1 {code} Moved\r\nLocation: {where}\r\n".encode(), b""))
        elif path == "/echo":
            stream.sendall(whole(OK, json.dumps({"head": head, "body": body.decode("latin-1")}).encode()))
        elif path == "/slow":
            stream.sendall(OK + b"Content-Length: 100000\r\n\r\n")
            while True:
                stream.sendall(b"x")
                time.sleep(0.05)
        elif path == "/silent":
            time.sleep(30)
        else:
            stream.sendall(PLAIN[path])
            return path in ("/ok", "/no-age")
        return True


def silent(_):
    """A black hole: takes connections, says nothing, and never lets go of them."""


def garbage(stream):
    """No TLS at all."""
    stream.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def context(directory, name, version=None):
    """Of a server with that certificate, of that one TLS version."""
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.load_cert_chain(f"{directory}/{name}.pem", f"{directory}/{name}.key")
    if version:
        ctx.set_ciphers("ALL:@SECLEVEL=0")
        ctx.minimum_version = ctx.maximum_version = version
    return ctx


OTHER = Server()  # where redirects point: plain HTTP, and nobody must come
