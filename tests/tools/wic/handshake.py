# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The upgrade of a connection to WebSocket (RFC 6455 clause 4)."""

import base64
import hashlib
import os

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
HEAD_MAX = 65536


class WicRefused(Exception):
    """The upgrade got another answer than a right 101."""

    def __init__(self, status, head, why=""):
        super().__init__(f"HTTP {status} {why}".strip())
        self.status, self.head = status, head


def new_key():
    """A Sec-WebSocket-Key."""
    return base64.b64encode(os.urandom(16)).decode()


def upgrade_request(host, path="/", origin=None, subprotocol="sip", key=None, headers=()):
    """Bytes of the GET. None for origin or subprotocol leaves that header
    out; a list for origin sends one header for each."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket",
             "Connection: Upgrade", f"Sec-WebSocket-Key: {key or new_key()}",
             "Sec-WebSocket-Version: 13"]
    for value in origin if isinstance(origin, list) else [origin]:
        if value is not None:
            lines.append(f"Origin: {value}")
    if subprotocol is not None:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    lines += [f"{n}: {v}" for n, v in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def check_answer(head, key, subprotocol):
    """head: bytes up to the blank line. WicRefused unless it is a 101 with
    the right accept value and the sub-protocol that was asked for."""
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ", 2)
    status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    if status != 101:
        raise WicRefused(status, head)
    fields = {n.strip().lower(): v.strip() for n, _, v in (ln.partition(":") for ln in lines[1:])}
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    if fields.get("sec-websocket-accept") != accept:
        raise WicRefused(status, head, "with a wrong Sec-WebSocket-Accept")
    if fields.get("sec-websocket-protocol") != subprotocol:
        raise WicRefused(status, head, "with a wrong Sec-WebSocket-Protocol")
