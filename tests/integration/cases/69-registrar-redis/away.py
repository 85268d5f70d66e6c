# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Redis is frozen, killed, and killed together with its clients' patience: what needs
it is refused in time, what does not goes on, and then all is told again."""

import time

from redisfor import Registered, entry, impu

STAYS, LEAVES, NEW, CALLER, LAST = (f"range1-{name}" for name in ("stays", "leaves", "new", "caller", "last"))
TIMEOUT = 0.2  # of a step, as the module has it

scene = Registered()


def took(do):
    """What do() returns, and the seconds that it took."""
    start = time.monotonic()
    return do(), time.monotonic() - start


def works(phone, what):
    """A request that needs no registrar is answered, and soon: the one worker is free."""
    answer, seconds = took(lambda: phone.ask(phone.ua.message("sip:nobody@ims.test", "hello")))
    scene.ok(answer.status in (404, 480, 604), f"{what}: answer to MESSAGE", answer.start)
    scene.ok(seconds < 2 * TIMEOUT + 1, f"{what}: MESSAGE is answered soon", seconds)


def refused(phone, most, what, **options):
    """REGISTER is 503 in that time; how long it took."""
    answer, seconds = took(lambda: phone.register(**options))
    scene.eq((answer.status, answer.reason), (503, "Service Unavailable"), f"{what}: REGISTER")
    scene.ok(5 <= int(answer.get("Retry-After") or 0) <= 10, f"{what}: Retry-After", answer.get("Retry-After"))
    scene.ok(seconds < most, f"{what}: REGISTER is refused within {most} s", seconds)
    return seconds


def frozen(stays, leaves, caller):
    scene.part("frozen: refused within the time-out, then at once; others go on")
    before, failures = scene.counter("registrar_away"), scene.counter("registrar_failures")
    scene.redis("freeze", "r1")
    new = scene.connected(NEW)
    times = [refused(new, TIMEOUT + 1, "frozen") for _ in range(4)]
    works(caller, "frozen")
    times += [refused(stays, TIMEOUT + 1, "frozen, a refresh") for _ in range(4)]
    scene.ok(sorted(times)[len(times) // 2] < TIMEOUT, "most of them are refused at once: the breaker is open", times)
    scene.eq(leaves.register(expires=0).status, 200, "de-REGISTER")
    scene.eq(scene.counter("registrar_away") - before, 8, "counted")
    scene.ok(scene.counter("registrar_failures") >= failures + 8, "steps that failed, counted")
    scene.ok(scene.counter("registrar_queue") >= 1, "waits to be told: who has left, at least")
    scene.ok("open" in scene.rpc("webrtc_ims.registrar") or "trying" in scene.rpc("webrtc_ims.registrar"),
             "breaker, by RPC", scene.rpc("webrtc_ims.registrar"))
    scene.eq(len(scene.ours(STAYS)), 1, "what was registered stays")
    scene.eq(scene.ours(LEAVES), [], "what has left is gone")
    scene.comes(1, lambda: scene.count_log("the registrar is away"), "told")
    again = scene.counter("registrar_again")
    scene.redis("thaw", "r1")
    start = time.monotonic()
    scene.same(LEAVES, 0, "what has left, after the thaw", 10)
    scene.comes(True, lambda: scene.counter("registrar_again") >= again + 2, "told again", 10)
    scene.ok(time.monotonic() - start < 10, "within 10 s")
    scene.comes(200, lambda: new.register().status, "REGISTER after the thaw")
    scene.same(NEW, 1, "after the thaw")
    scene.same(STAYS, 1, "after the thaw")
    scene.comes(0, lambda: scene.counter("registrar_queue"), "nothing waits any more")
    return new


def killed(stays, caller):
    scene.part("kill -9 of Redis: nothing that was acknowledged is lost")
    last = scene.phone(LAST)
    scene.redis("kill", "r1")
    refused(stays, TIMEOUT + 1, "killed")
    works(caller, "killed")
    scene.redis("run", "r1")
    for user in (STAYS, NEW, LAST):
        scene.same(user, 1, "after the restart of Redis", 5)
    scene.comes(200, lambda: last.register().status, "REGISTER after it")
    return last


def says_no(stays, caller, what, wrong, right, text):
    scene.part(f"Redis is {what}: refused at once, others go on")
    back = scene.count_log("the registrar is back")
    scene.cli(*wrong)
    scene.comes(1, lambda: scene.count_log(f": {text}"), f"{what}: printed")
    # a full Redis still does a script that begins by taking away what is over
    scene.comes(503, lambda: stays.register().status, f"{what}: REGISTER")
    refused(stays, TIMEOUT, what)
    works(caller, what)
    scene.eq(len(scene.ours(STAYS)), 1, f"{what}: what was registered stays")
    scene.cli(*right)
    scene.comes(200, lambda: stays.register().status, f"REGISTER when it is not {what} any more")
    scene.same(STAYS, 1, f"when it is not {what} any more")
    scene.comes(back + 1, lambda: scene.count_log("the registrar is back"), "told")


phones = [scene.phone(user) for user in (STAYS, LEAVES, CALLER)]
scene.same(LEAVES, 1, "before")
phones.append(frozen(*phones))
says_no(phones[0], phones[2], "full", ("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"),
        "its memory is full")
says_no(phones[0], phones[2], "read-only", ("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"),
        "the node is a replica")
phones.append(killed(phones[0], phones[2]))
scene.cli("SET", "kept", str(int(scene.cli("EXISTS", entry(STAYS), entry(NEW), entry(LAST)))))
scene.done()
