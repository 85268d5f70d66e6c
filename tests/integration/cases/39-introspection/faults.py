# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Token servers that fail, and WICs that leave; see README.md."""

import threading
import time

from asked import BOTH, Asked
from scene import until

PENDING_MAX = 30  # of "bank"
scene = Asked()
server = scene.server


def answers(phones):
    """Sends a REGISTER over each at once; [(status, seconds)] of the answers."""
    requests = [phone.ua.register() for phone in phones]
    began = time.monotonic()
    for phone, request in zip(phones, requests):
        phone.send_sip(request)
    return [(phone.final(request, 8).status, time.monotonic() - began) for phone, request in zip(phones, requests)]


class Others:
    """WICs of the WWSF with signed tokens, that register again and again."""

    def __init__(self, count=100, at_once=4):
        self.count, self.left = count, count
        self.times, self.statuses = [], set()
        self.phones = [scene.phone(f"wic1{i}") for i in range(at_once)]
        scene.good += at_once

    def round(self):
        """All of them, one behind the other."""
        for i in range(self.count):
            phone = self.phones[i % len(self.phones)]
            began = time.monotonic()
            self.statuses.add(phone.register().status)
            self.times.append(time.monotonic() - began)

    def during(self, what, work):
        """Both at the same time; nothing of it may be felt."""
        self.times, self.statuses = [], set()
        thread = threading.Thread(target=self.round)
        thread.start()
        result = work()
        thread.join()
        scene.good += self.count
        scene.eq(self.statuses, {200}, f"answers to the others, {what}")
        scene.times(f"others, {what}", self.times, limits=[(99, 0.5)])
        return result


def trip():
    """Five failures in a row."""
    for _ in range(5):
        scene.registers("wic20", scene.opaque("wic20"), 503, what="until the breaker opens")


def recover(seconds=6):
    """A try finds the server again; returns how long that took."""
    began = time.monotonic()
    server.mode = "tokens"
    with scene.wic("wic20", scene.opaque("wic20")) as phone:
        scene.becomes(phone, 200, seconds)
        scene.good += 1
    scene.eq(scene.server_row()["breaker"], "closed", "breaker")
    return time.monotonic() - began


def leave():
    """WICs that are gone when the answer comes."""
    scene.part("gone while the server is asked")
    server.delay = 0.5
    before, errors = scene.in_core(), scene.count_log("ERROR: webrtc_ims")
    tokens = [scene.opaque("wic20") for _ in range(9)]
    for i, phone in enumerate([scene.wic("wic20", token) for token in tokens]):
        phone.send_sip(phone.ua.register())
        scene.comes(i + 1, lambda: scene.server_row()["pending"], "requests that wait", 0.5)
        (phone.rst, phone.drop, lambda phone=phone: phone.close(timeout=0.1))[i % 3]()
    scene.comes(0, lambda: len(scene.connections()) - 4, "connections of those who left")
    scene.nobody_waits()
    server.delay = 0.0
    scene.eq([server.asked[token] for token in tokens], [1] * 9, "questions")
    scene.eq(scene.in_core(), before, "REGISTERs in the core")
    scene.eq(scene.count_log("ERROR: webrtc_ims"), errors, "lines of trouble")


def black_hole(others):
    """It takes each request and says nothing."""
    scene.part("a server that says nothing")
    server.mode = "hang"
    phones = [scene.wic("wic20", scene.opaque("wic20")) for _ in range(4)]
    got = others.during("server silent", lambda: answers(phones))
    scene.eq({status for status, _ in got}, {503}, "answers")
    scene.ok(all(0.9 < took < 4 for _, took in got), "seconds until 503", [took for _, took in got])
    scene.registers("wic20", scene.opaque("wic20"), 503, what="the fifth failure")
    row = scene.server_row()
    scene.eq((row["breaker"], row["failures"]), ("open", 5), "breaker")
    began = time.monotonic()
    answer = scene.registers("wic20", scene.opaque("wic20"), 503, what="while the breaker is open")
    scene.ok(time.monotonic() - began < 0.9, "it is refused at once")
    scene.ok(answer.get("Retry-After"), "Retry-After")
    scene.eq(scene.server_row("both")["breaker"], "closed", "breaker of another WWSF")
    scene.ok(scene.count_log("token server of bank fails, and is left alone") == 1, "line about it")
    scene.part(f"it is found again after {recover():.1f} s")
    scene.eq(scene.count_log("token server of bank answers again"), 1, "line about that")


def flood(others):
    """More tokens than may wait."""
    scene.part("a flood of tokens")
    server.delay = 0.6
    phones = [scene.wic("wic20", scene.opaque("wic20")) for _ in range(80)]
    most = []
    limited = scene.counter("limit_reached")
    watch = threading.Thread(target=lambda: until(
        5, lambda: most.append(scene.counter("token_lookups")) or most[-1] >= PENDING_MAX))
    watch.start()
    got = others.during("flood", lambda: answers(phones))
    watch.join()
    server.delay = 0.0
    statuses = [status for status, _ in got]
    scene.eq(max(most), PENDING_MAX, "requests that wait at most")
    scene.eq(scene.counter("limit_reached") - limited, 80 - PENDING_MAX, "limit_reached")
    scene.good += statuses.count(200)
    # 24 are asked about at once, the others when these have been
    scene.ok(24 <= statuses.count(200) <= PENDING_MAX, "answers 200", statuses.count(200))
    scene.eq(statuses.count(200) + statuses.count(503), 80, "200 and 503")
    for phone in phones:
        phone.drop()
    scene.nobody_waits()


def killed(others):
    """It ends with all its connections."""
    scene.part("a server that is ended under load")
    server.delay = 0.5
    phones = [scene.wic("wic20", scene.opaque("wic20")) for _ in range(10)]
    timer = threading.Timer(0.2, server.kill)
    timer.start()
    got = others.during("server killed", lambda: answers(phones))
    timer.join()
    scene.eq({status for status, _ in got}, {503}, "answers")
    scene.ok(max(took for _, took in got) < 4, "seconds until 503")
    scene.eq(scene.server_row()["breaker"], "open", "breaker")
    server.delay = 0.0
    server.start()
    scene.part(f"it is found again after {recover():.1f} s")
    for phone in phones:
        phone.drop()


def fetcher_killed():
    """The process that asks for us ends: that is no fault of the server."""
    scene.part("the fetching process is ended")
    server.delay = 0.5
    with scene.wic("wic20", scene.opaque("wic20")) as phone:
        request = phone.ua.register()
        phone.send_sip(request)
        scene.comes(1, lambda: scene.server_row()["pending"], "requests that wait", 0.4)
        scene.rpc("webrtc_ims.fetch", "restart")
        scene.eq(phone.final(request).status, 503, "answer")
    server.delay = 0.0
    scene.eq(scene.server_row()["failures"], 0, "failures of the server")
    recover()


def own_shm_kb():
    """What the module holds of shared memory."""
    scene.rpc("webrtc_ims.token_cache", "flush")
    text = scene.rpc("mod.stats", "webrtc_ims", "shm")
    return int(next(line for line in text.splitlines() if "Total:" in line).split()[-1]) // 1024


others = Others()
scene.good = scene.in_core()
scene.registers("wic30", scene.opaque("wic30"), origin=BOTH)
before = own_shm_kb()
leave()
black_hole(others)
flood(others)
killed(others)
fetcher_killed()
for phone in others.phones:
    phone.drop()
scene.table_empties(8)
scene.nobody_waits()
scene.eq(scene.in_core(), scene.good, "REGISTERs in the core")
after = own_shm_kb()
scene.ok(after <= before + 64, "KB of shared memory that the module holds", f"{before} before, {after} after")
scene.part(f"shared memory of the module: {before} KB before, {after} KB after")
scene.done()
