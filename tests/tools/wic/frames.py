# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WebSocket frames (RFC 6455 clause 5), as bytes only: no socket in here.

The encoder does what it is told, right or wrong (no mask, reserved bits,
a ping of 60 KB): tests need frames that no good client sends."""

import os
import struct
from dataclasses import dataclass

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FRAME_MAX = 1 << 20  # a longer one is a fault of the peer, not a message


@dataclass
class Frame:
    """One frame as received; payload is unmasked."""

    opcode: int
    payload: bytes
    fin: bool = True


def apply_mask(payload, key):
    """XOR with the repeated 4-byte key (its own inverse)."""
    n = len(payload)
    pad = (key * (n // 4 + 1))[:n]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")


def encode(opcode, payload=b"", fin=True, mask=True, rsv=0, claim=None):
    """One frame. claim: a payload length to announce instead of the true one."""
    n = len(payload) if claim is None else claim
    head = bytes([(0x80 if fin else 0) | (rsv << 4) | opcode])
    bit = 0x80 if mask else 0
    if n < 126:
        head += bytes([bit | n])
    elif n < 1 << 16:
        head += bytes([bit | 126]) + struct.pack("!H", n)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", n)
    if not mask:
        return head + payload
    key = os.urandom(4)
    return head + key + apply_mask(payload, key)


def close_payload(code, reason=""):
    """Body of a Close frame; None: the empty body, which means 1005."""
    return b"" if code is None else struct.pack("!H", code) + reason.encode()


def parse_close(payload):
    """(code, reason) of a Close frame; 1005 when it names none."""
    if len(payload) < 2:
        return 1005, ""
    return struct.unpack("!H", payload[:2])[0], payload[2:].decode("utf-8", "replace")


class FrameReader:
    """Cuts a byte stream into frames: feed(bytes) as they come, then take()."""

    def __init__(self):
        self._buf = bytearray()

    def feed(self, data):
        """More bytes of the stream."""
        self._buf += data

    def take(self):
        """The next whole Frame, or None when more bytes are needed."""
        shape = self._shape()
        if shape is None:
            return None
        start, length, key = shape
        if len(self._buf) < start + length:
            return None
        first = self._buf[0]
        payload = bytes(self._buf[start : start + length])
        del self._buf[: start + length]
        if key:
            payload = apply_mask(payload, key)
        return Frame(first & 0x0F, payload, bool(first & 0x80))

    def _shape(self):
        """(offset of the payload, its length, mask key or b'') or None."""
        buf = self._buf
        if len(buf) < 2:
            return None
        length, start = buf[1] & 0x7F, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            start += wide
            if len(buf) < start:
                return None
            length = int.from_bytes(buf[2:start], "big")
        if length > FRAME_MAX:
            raise ValueError(f"frame of {length} bytes")
        if not buf[1] & 0x80:
            return start, length, b""
        if len(buf) < start + 4:
            return None
        return start + 4, length, bytes(buf[start : start + 4])
