# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A call in a flood of REGISTERs."""

import multiprocessing
import time

from dialogs import call
from scene import Phone, Scene, until
from wic.frames import encode

FLOODERS, WINDOW = 4, 30
SECONDS = 4  # from when the node refuses on
TEXT_FRAME = 1

scene = Scene()


def flood(token, end, counts):
    """REGISTERs with that token over one connection until then: (answers 401, answers 503)."""
    phone = Phone(scene, "mallory", timeout=20).connect()
    batch = b"".join(encode(TEXT_FRAME, phone.ua.register(token=token).to_bytes()) for _ in range(WINDOW))
    told = {b"401": 0, b"503": 0}
    while not end.is_set():
        phone.send_raw(batch)
        for _ in range(WINDOW):
            told[phone.recv_frame().payload[8:11]] += 1
    counts.put((told[b"401"], told[b"503"]))
    phone.drop()


alice, carol = scene.phone("alice"), scene.core_ua("carol")
dialog, _ = call(alice, carol)
registers = scene.seen("REGISTER")
forged = scene.token("mallory")[:-8] + "AAAAAAAA"
newcomer = scene.connected("bob")

scene.part("the flood")
results = multiprocessing.Queue()
over = multiprocessing.Event()
crowd = [multiprocessing.Process(target=flood, args=(forged, over, results), daemon=True) for _ in range(FLOODERS)]
for flooder in crowd:
    flooder.start()
scene.comes(True, lambda: scene.counter("overload") >= 100, "a level at which nobody new comes in", 20)
answer = newcomer.register()
scene.eq(answer.status, 503, "REGISTER of somebody new")
scene.ok(int(answer.get("Retry-After") or 0) >= 5, "Retry-After", answer.get("Retry-After"))
times = []
stop = time.monotonic() + SECONDS
while time.monotonic() < stop or len(times) < 5:
    start = time.monotonic()
    info = alice.ua.in_dialog(dialog, "INFO", [("Content-Type", "text/plain")], str(len(times)).encode())
    alice.send_sip(info)
    got = carol.expect("INFO")
    scene.eq(got.body, str(len(times)).encode(), "the INFO that carol gets")
    carol.reply(got, 200)
    scene.eq(alice.final(info).status, 200, "INFO in the call")
    times.append(time.monotonic() - start)
load = scene.rpc("webrtc_ims.load").split()
scene.eq(scene.counter("load_refusing"), 0, "gauge load_refusing, which is for refreshes alone")
scene.bye(alice, carol, dialog, "BYE in the flood")
over.set()
told = [results.get(timeout=30) for _ in crowd]
for flooder in crowd:
    flooder.join(30)
judged, refused = (sum(column) for column in zip(*told))
times.sort()
print(f"{judged} forged tokens judged, {refused} REGISTERs refused; {len(times)} INFOs, "
      f"p99 {1000 * times[len(times) * 99 // 100]:.0f} ms; {' '.join(load)}", flush=True)
scene.ok(times, "INFOs in the flood")
scene.ok(refused > judged, "most of the flood is refused before a token is looked at", (judged, refused))
scene.ok(scene.counter("refused_registers") >= refused, "counter refused_registers", scene.counter("refused_registers"))
scene.eq(scene.counter("refused_in_dialog"), 0, "requests refused in a dialog")
scene.eq(scene.seen("REGISTER"), registers, "REGISTERs in the core")

scene.part("after it")
began = time.monotonic()
until(20, lambda: scene.counter("overload") == 0)
print(f"over after {time.monotonic() - began:.1f} s", flush=True)
scene.eq(scene.counter("overload"), 0, "level")
newcomer = scene.connected("bob")
scene.eq(newcomer.register().status, 200, "REGISTER of somebody new")
scene.done()
