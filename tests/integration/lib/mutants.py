# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""COUNT mutated REGISTERs: half by rule, half at random."""

import os
import random
import socket
from collections import Counter

from fakecore import FakeCore, kamailio_reads
from mutate import at_random, by_rule
from scene import DOMAIN, Scene
from strict_sip import Head, NotStrict
from wic import WicClosed, WicTimeout
from wic.frames import CLOSE, PING

OURS = f'Digest username="alice@{DOMAIN}"'
EVIL = "evil.example"

scene = Scene()
core = FakeCore(scene.icscf[1])
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(2)
count, seed = int(os.environ["COUNT"]), int(os.environ.get("SEED", "38"))
tally, mine = Counter(), []
bob, wic = scene.phone("bob"), scene.phone("alice")
workers = scene.rpc("core.psx")


def became(data):
    """What the eP-CSCF makes of it: "closed", "silent", or the first answer's code."""
    answer = "silent"
    try:
        wic.send_sip(data)
        wic.send_frame(PING, b"still there")
        while True:
            frame = wic.recv_frame(3)
            if frame.opcode == CLOSE:
                return "closed"
            if frame.payload.startswith(b"SIP/2.0 "):
                answer = frame.payload[8:11].decode("latin-1")
            if frame.opcode == 0xA and frame.payload == b"still there":
                return answer
    except (WicClosed, OSError, ValueError):
        return "closed"
    except WicTimeout:
        return "stuck"


def attempt(what, mutant):
    """One of them."""
    global wic
    request = wic.ua.register()
    end = became(mutant(request.to_bytes()))
    tally[end] += 1
    scene.ok(end != "stuck", f"{what}: the connection is read on, or ends")
    if end in ("closed", "stuck"):
        wic.drop()
        wic = scene.phone("alice")


def judge(key, raw):
    """What left towards the core, by two parsers: a good REGISTER of the token's identities."""
    try:
        head = Head(raw)
    except NotStrict as why:
        scene.ok(False, f"{key}: a strict parser reads it", f"{why} {raw!r}")
        return
    seen = kamailio_reads(raw, os.environ["PROBE"], asking)
    if not scene.ok(seen, f"{key}: Kamailio's parser reads it", raw) or head.method != "REGISTER":
        return
    for parser, lines in (("strict", head.lines), ("Kamailio", seen[1])):
        def bodies(name, lines=lines):
            return [body.strip() for known, body in lines if known.strip().lower() == name]
        own = bodies("authorization")
        scene.ok(len(own) == 1 and own[0].startswith(OURS), f"{key}: our Authorization, {parser}", own)
        for name in ("to", "from"):
            scene.ok(len(bodies(name)) == 1 and f"sip:alice@{DOMAIN}" in bodies(name)[0], f"{key}: {name}, {parser}", bodies(name))
        for name in ("path", "contact", "call-id", "cseq", "p-visited-network-id"):
            scene.ok(len(bodies(name)) == 1 and (EVIL not in bodies(name)[0] or name == "call-id"),
                     f"{key}: one {name}, {parser}", bodies(name))
    scene.ok(b"Bearer" not in raw, f"{key}: no token", raw)


scene.part(f"{count} mutated REGISTERs, seed {seed}")
rules = list(by_rule(wic.ua.register().to_bytes()).items())
dice = random.Random(seed)
some = dice.sample(rules, min(len(rules), count // 2))
some += [(f"at random {n}", at_random(seed * 100000 + n)) for n in range(count - len(some))]
core.got.clear()
for number, (what, mutant) in enumerate(some):
    attempt(what, mutant)
    if number % 10 == 0:
        scene.eq(bob.ask(bob.ua.message(f"sip:carol@{DOMAIN}", "hi"), 5).status, 202, f"MESSAGE of another after {what}")

registers = {key: raw for key, raw in core.got.items() if key[2] == "REGISTER"}
scene.part(f"in numbers: {dict(tally)}; {len(registers)} REGISTERs came to the core")
for key, raw in list(core.got.items()):
    if bob.impu.encode() not in raw:
        judge(key, raw)
scene.eq(core.strange, [], "what came to the core and is no message")
scene.eq(scene.rpc("core.psx"), workers, "the processes of the eP-CSCF")
scene.ok(len(registers) > count // 20 and tally["400"] > count // 20, "the counter-check: some pass, some are refused", tally)
scene.done()
