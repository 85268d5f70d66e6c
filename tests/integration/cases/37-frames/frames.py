# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames and messages that no good client sends."""

import os
import random
import struct

from fakecore import FakeCore
from scene import DOMAIN, Scene
from strict_sip import Head, NotStrict
from torture import messages
from wic import WicClosed, WicTimeout
from wic.frames import BINARY, CLOSE, CONT, PING, TEXT

scene = Scene()
core = FakeCore(scene.icscf[1])
bob = scene.phone("bob")
wic = scene.phone("alice")
dice = random.Random(4475)


def sip(text="hi", headers=()):
    """A good MESSAGE."""
    return wic.ua.message(f"sip:bob@{DOMAIN}", text, headers)


def others_live(what):
    """The good client is served as before."""
    try:
        scene.eq(bob.ask(bob.ua.message(f"sip:carol@{DOMAIN}", "hi"), 5).status, 202, f"MESSAGE of another after {what}")
    except (WicTimeout, WicClosed) as why:
        scene.ok(False, f"another WIC is served after {what}", repr(why))


def send(what, do, wanted=b""):
    """do(wic) and look at what became of it: (answers, still open). wanted: a
    text that one answer must have, to wait for."""
    global wic
    found, is_open, pong = [], True, False
    try:
        do(wic)
        wic.send_frame(PING, b"still there")
        while True:
            frame = wic.recv_frame(2)
            if frame.opcode == 0xA and frame.payload == b"still there":
                pong = True
            if frame.opcode == CLOSE:
                raise WicClosed(1005, "")
            found.append(frame.payload[:60])
            if pong and any(wanted in line for line in found):
                break
    except (WicClosed, OSError, ValueError):
        is_open = False
    except WicTimeout:
        is_open = None  # it waits for the rest of a frame
    others_live(what)
    if not is_open or dice.random() < 0.1:
        wic.drop()
        wic = scene.phone("alice")
    return found, is_open


def answered(what, do, status):
    """It is understood: that answer comes."""
    found, is_open = send(what, do, str(status).encode())
    scene.ok(is_open and any(str(status).encode() in line for line in found), f"{what}: {status}", (found, is_open))


def halves(link, first, second):
    """Two frames for one message."""
    link.send_frame(TEXT, first)
    link.send_frame(TEXT, second)


def interleaved(link):
    """A ping among the fragments (RFC 6455 5.4)."""
    data = sip().to_bytes()
    link.send_frame(TEXT, data[:40], fin=False)
    link.send_frame(PING, b"between")
    link.send_frame(CONT, data[40:])


scene.part("good ones in odd frames")
answered("a binary frame", lambda link: link.send_frame(BINARY, sip().to_bytes()), 202)
for size in (1, 7, 100):
    answered(f"fragments of {size}", lambda link, n=size: link.send_fragments(sip(), n), 202)
answered("a ping among fragments", interleaved, 202)
answered("20 KB", lambda link: link.send_sip(sip("x" * 20000)), 202)

scene.part("odd frames")
good = sip().to_bytes()
for what, do in (
        ("ping of 126", lambda link: link.send_frame(PING, b"x" * 126)),
        ("ping of 60 KB", lambda link: link.send_frame(PING, b"x" * 60000)),
        ("ping in fragments", lambda link: link.send_frame(PING, b"x", fin=False)),
        ("continuation of nothing", lambda link: link.send_frame(CONT, b"garbage")),
        ("continuation of nothing, SIP", lambda link: link.send_frame(CONT, good)),
        ("text inside fragments", lambda link: (link.send_frame(TEXT, good[:50], fin=False), link.send_frame(TEXT, good))),
        ("continuation after the end", lambda link: (link.send_fragments(sip(), 99), link.send_frame(CONT, good))),
        ("no mask", lambda link: link.send_frame(TEXT, good, mask=False)),
        ("reserved bits", lambda link: link.send_frame(TEXT, good, rsv=7)),
        *((f"opcode {op}", lambda link, op=op: link.send_frame(op, good)) for op in (3, 7, 11, 15)),
        ("no UTF-8", lambda link: link.send_frame(TEXT, b"\xff\xfe\x80" * 50)),
        ("empty text", lambda link: link.send_frame(TEXT)),
        ("2000 empty fragments", lambda link: [link.send_frame(TEXT, fin=False) for _ in range(2000)]),
        ("a claim of 2^63", lambda link: link.send_frame(TEXT, good, claim=1 << 63)),
        ("a claim of 2^64 - 1", lambda link: link.send_frame(TEXT, good, claim=(1 << 64) - 1)),
        ("a claim of 2^32", lambda link: link.send_frame(TEXT, good, claim=1 << 32)),
        ("a claim of less", lambda link: link.send_frame(TEXT, good, claim=20)),
        ("a claim of more", lambda link: link.send_frame(TEXT, good, claim=len(good) + 50)),
        ("40 KB", lambda link: link.send_sip(sip("x" * 40000))), ("64 KB", lambda link: link.send_sip(sip("x" * 65536))),
        ("64 KB in fragments", lambda link: link.send_fragments(sip("x" * 65536), 1000)),
        ("a head of 40 KB", lambda link: link.send_sip(sip("x", [("Subject", "x" * 40000)]))),
        ("5000 headers", lambda link: link.send_sip(sip("x", [("X-A", "b")] * 2500))),
        ("Close of one byte", lambda link: link.send_frame(CLOSE, b"x")),
        ("Close 1005", lambda link: link.send_frame(CLOSE, struct.pack("!H", 1005))),
        ("Close of 200", lambda link: link.send_frame(CLOSE, struct.pack("!H", 1000) + b"x" * 198)),
        ("raw bytes", lambda link: link.send_raw(os.urandom(3000))),
        ("raw SIP", lambda link: link.send_raw(good))):
    send(what, do)

scene.part("what is no SIP in a good frame")
for what, data in (
        ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\nOrigin: " + scene.origin.encode() + b"\r\nUpgrade: websocket\r\n\r\n"),
        ("CRLF", b"\r\n\r\n"), ("NULs", b"\0" * 500), ("one byte", b"x"), ("half a head", good[:60]),
        ("half a start line", b"MESSAGE sip:bob"), ("two messages", good + sip().to_bytes()), ("JSON", b'{"a": [1, 2]}'),
        ("only a head line", b"MESSAGE sip:bob@ims.test SIP/2.0\r\n\r\n"), ("spaces", b" " * 3000),
        ("stun", bytes.fromhex("000100002112a442") + b"x" * 12), ("colons", b":" * 2000 + b"\r\n\r\n")):
    send(what, lambda link, data=data: link.send_frame(TEXT, data))
send("two halves", lambda link: halves(link, good[:80], good[80:]))
for number in range(60):
    noise = bytearray(sip().to_bytes())
    for _ in range(dice.randrange(1, 6)):
        noise[dice.randrange(len(noise))] = dice.randrange(256)
    send(f"noise {number}", lambda link, data=bytes(noise): link.send_frame(TEXT, data))

scene.part("torture")
cases = list(messages())
folder = os.environ["TORTURE_DIR"]
for name in sorted(os.listdir(folder)) if folder else []:
    with open(f"{folder}/{name}", "rb") as raw:
        cases.append((name, raw.read()))
for what, data in cases:
    send(what, lambda link, data=data: link.send_frame(TEXT, data))

scene.part(f"{len(core.got)} requests and {len(core.strange)} others came to the core")
scene.eq(core.strange, [], "what came to the core and is no message")
for key, raw in core.got.items():
    try:
        head = Head(raw)
        scene.ok(b"smuggled" not in raw.partition(b"\r\n\r\n")[0], f"{key}: a second message", raw)
        length = head.all("content-length")
        # Over UDP it may be missing, as it may over WebSocket (RFC 7118 5).
        scene.ok(length in ([], [str(len(head.body))]), f"Content-Length of {key} at the core", length)
        scene.eq(head.all("cseq"), [f"{int(key[1])} {head.method}"], f"CSeq of {key} at the core")
    except NotStrict as why:
        scene.ok(False, f"{key}: a strict parser reads it", f"{why} {raw!r}")
scene.ok(len(core.got) > 50, "the counter-check: the good client's came", len(core.got))
scene.done()
