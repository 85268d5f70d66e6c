# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What Redis itself does, alone, with Sentinel and as a Cluster. All three go on
# beside each other.
import os
import subprocess
import sys
import threading
import time
import traceback

from client import TIMEOUT_MS, TOP, Client, failed, say, wrong


class Redis:
    def __init__(self, name):
        self.dir = os.path.join(os.environ["RUN_DIR"], f"redis-{name}")
        self.place = self.do("address")

    def do(self, *words):
        return subprocess.run([os.path.join(TOP, "tests/lab/redis.sh"), self.dir, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()


def until_ok(c, seconds, *words):
    """Calls until one is answered; how long that took."""
    begun = time.monotonic()
    while c.call(*words)[0] != "ok":
        if time.monotonic() - begun > seconds:
            wrong(f"{c.name}: not back after {seconds} s: {c.call(*words)}")
            break
        time.sleep(0.02)
    return time.monotonic() - begun


def until_copied(redis, master, key, seconds):
    """What no replica has yet would be lost with the master; the one that has most follows it. (WAIT counts
    the writes of its own connection alone.)"""
    begun = time.monotonic()
    value = redis.do("cli", master, "GET", key)
    while not any(redis.do("cli", name, "GET", key) == value for name in ("r1", "r2", "r3") if name != master):
        if time.monotonic() - begun > seconds:
            wrong(f"{redis.dir}: no replica has {key}={value} after {seconds} s")
            break
        time.sleep(0.02)


def single():
    redis = Redis("single")
    c = Client(redis.place, "gate", name="single")
    c.expect("ok", r'^\[1 "x"\]$', "incr", "a", "x")
    redis.do("cli", "r1", "SCRIPT", "FLUSH")
    c.expect("ok", r'^\[2 "x"\]$', "incr", "a", "x")
    redis.do("cli", "r1", "SET", "text", "no number")
    c.expect("registrar_bad", "not an integer", "incr", "text", "x")
    redis.do("cli", "r1", "CONFIG", "SET", "maxmemory", "1mb")
    c.expect("registrar_away", "memory is full", "incr", "a", "x")
    redis.do("cli", "r1", "CONFIG", "SET", "maxmemory", "0")
    redis.do("cli", "r1", "CONFIG", "SET", "min-replicas-to-write", "1")
    c.expect("registrar_away", "too few replicas", "incr", "a", "x")
    redis.do("cli", "r1", "CONFIG", "SET", "min-replicas-to-write", "0")
    redis.do("cli", "r1", "CLIENT", "KILL", "TYPE", "normal")
    c.expect("ok", r'^\[3 "x"\]$', "incr", "a", "x")

    redis.do("kill", "r1")
    c.expect("registrar_away", "no connection|lost", "incr", "a", "x", ms=50)
    redis.do("run", "r1")
    back = until_ok(c, 5, "incr", "a", "x")
    say(f"single: back {back * 1000:.0f} ms after the start")

    redis.do("freeze", "r1")
    waits = [c.call("incr", "a", "x") for _ in range(3)]
    for outcome, ms, rest in waits:
        if outcome != "registrar_away" or not TIMEOUT_MS - 5 < ms:
            wrong(f"frozen: {outcome} after {ms} ms: {rest}")
    say("single: frozen, the calls took " + ", ".join(f"{ms:.1f}" for _, ms, _ in waits) + " ms")
    fast = [c.call("incr", "a", "x") for _ in range(50)]
    if any(ms > 10 or "not asked" not in rest for _, ms, rest in fast):
        wrong(f"frozen: still asked: {max(fast, key=lambda f: f[1])}")
    say(f"single: then nobody waits, {max(ms for _, ms, _ in fast):.2f} ms at the most")
    redis.do("thaw", "r1")
    back = until_ok(c, 3, "incr", "a", "x")
    say(f"single: back {back * 1000:.0f} ms after the thaw")
    c.end()


def sentinel():
    redis = Redis("sentinel")
    c = Client(redis.place, "gate", name="sentinel")
    c.expect("ok", r'^\[1 "x"\]$', "incr", "a", "x")
    was = redis.do("master")
    redis.do("promote")
    now = redis.do("master")
    if now == was:
        wrong("sentinel: nobody was promoted")
    begun = time.monotonic()
    while redis.do("cli", now, "GET", "b") == "":
        c.call("incr", "b", "x")
        if time.monotonic() - begun > 3:
            wrong("sentinel: the old master is still written to")
            break
    say(f"sentinel: the new master is written to within {time.monotonic() - begun:.1f} s")
    c.expect("ok", "x", "incr", "a", "x")
    until_copied(redis, now, "a", 8)
    redis.do("kill", now)
    begun = time.monotonic()
    c.expect("registrar_away", "", "incr", "a", "x")
    until_ok(c, 12, "incr", "a", "x")
    say(f"sentinel: the master killed, another one answers after {time.monotonic() - begun:.1f} s")
    value = int(c.expect("ok", "x", "incr", "a", "x").split()[0].strip("["))
    if value < 4:
        wrong(f"sentinel: writes are lost, {value}")
    c.end()


def move_slot(redis, slot, source, target, key):
    """Half of a move: the slot is on its way. Returns what ends it."""
    ids = {name: redis.do("cli", name, "CLUSTER", "MYID") for name in (source, target)}
    redis.do("cli", target, "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source])
    redis.do("cli", source, "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[target])

    def finish():
        host, port = redis.do("place", target).rsplit(":", 1)
        redis.do("cli", source, "MIGRATE", host, port, key, "0", "1000")
        for name in (target, source):
            redis.do("cli", name, "CLUSTER", "SETSLOT", slot, "NODE", ids[target])
    return finish


def cluster():
    redis = Redis("cluster")
    c = Client(redis.place, "gate", name="cluster")
    # A wrong slot would be sent away with the right one, which is refused.
    for i in range(300):
        c.expect("ok", "1", "incr", f"k{i * 7919}{{t{i}}}", "x")
    slot = redis.do("cli", "r1", "CLUSTER", "KEYSLOT", "{move}")
    source = redis.do("master", slot)
    target = next(n for n in ("r1", "r2", "r3") if n != source)
    c.expect("ok", "1", "incr", "{move}1", "x")
    finish = move_slot(redis, slot, source, target, "{move}1")
    c.expect("ok", r"^\[2", "incr", "{move}1", "x")  # still there
    c.expect("ok", r"^\[1", "incr", "{move}2", "x")  # ASK
    c.expect("ok", r"^\[2", "incr", "{move}2", "x")
    finish()
    c.expect("ok", r"^\[3", "incr", "{move}1", "x")  # MOVED
    c.expect("ok", r"^\[3", "incr", "{move}2", "x", ms=50)
    say(f"cluster: slot {slot} went from {source} to {target}, calls followed")

    victim = redis.do("master", slot)
    other = next(f"{{t{i}}}" for i in range(300)
                 if redis.do("master", redis.do("cli", "r1", "CLUSTER", "KEYSLOT", f"{{t{i}}}")) != victim)
    redis.do("kill", victim)
    begun = time.monotonic()
    c.expect("registrar_away", "", "incr", "{move}1", "x")
    c.expect("ok", "1", "incr", f"{other}new", "x")
    until_ok(c, 12, "incr", "{move}1", "x")
    say(f"cluster: {victim} killed, its replica answers after {time.monotonic() - begun:.1f} s")
    c.expect("ok", r"^\[[5-9]", "incr", "{move}1", "x")
    c.end()


def guarded(part):
    try:
        part()
    except Exception:  # a thread must not end unheard
        wrong(traceback.format_exc())


def main():
    threads = [threading.Thread(target=guarded, args=(p,)) for p in (single, sentinel, cluster)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
