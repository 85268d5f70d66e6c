# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""COUNT mutated REGISTERs: half by rule, half at random."""

import os
import random
from collections import Counter

from farend import FarEnd
from mutate import some_of
from scene import DOMAIN, Scene
from wic import WicClosed, WicTimeout
from wic.frames import CLOSE, PING

scene = Scene()
far = FarEnd(scene)
core = far.core
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


scene.part(f"{count} mutated REGISTERs, seed {seed}")
core.got.clear()
for number, (what, mutant) in enumerate(some_of(wic.ua.register().to_bytes(), count, random.Random(seed), seed)):
    attempt(what, mutant)
    if number % 10 == 0:
        scene.eq(bob.ask(bob.ua.message(f"sip:carol@{DOMAIN}", "hi"), 5).status, 202, f"MESSAGE of another after {what}")

registers = {key: raw for key, raw in core.got.items() if key[2] == "REGISTER"}
scene.part(f"in numbers: {dict(tally)}; {len(registers)} REGISTERs came to the core")
for key, raw in list(core.got.items()):
    if bob.impu.encode() not in raw:
        far.judge(str(key), raw, wic.impu)
scene.eq(core.strange, [], "what came to the core and is no message")
scene.eq(scene.rpc("core.psx"), workers, "the processes of the eP-CSCF")
scene.ok(len(registers) > count // 20 and tally["400"] > count // 20, "the counter-check: some pass, some are refused", tally)
scene.done()
