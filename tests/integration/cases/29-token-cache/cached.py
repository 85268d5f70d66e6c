# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is found in the cache, and what must not be; see README.md."""

import re
import time

from scene import Scene, until

WORKERS = 8  # connections enough to meet every WSS worker
scene = Scene()


def cache(*what):
    """The RPC's answer as a dict."""
    return {name: int(n) for name, n in re.findall(r"(\w+): (\d+)", scene.rpc("webrtc_ims.token_cache", *what))}


def spent():
    """(hits, misses) so far; the counters say the same."""
    now = cache()
    scene.eq((scene.counter("token_cache_hits"), scene.counter("token_cache_misses")),
             (now["hits"], now["misses"]), "counters and RPC")
    return now["hits"], now["misses"]


def costs(hits, misses, what, work):
    """Runs that work; what it costs."""
    before = spent()
    result = work()
    after = spent()
    scene.eq((after[0] - before[0], after[1] - before[1]), (hits, misses), f"hits and misses: {what}")
    return result


def registers(token, want, count=WORKERS, user="alice"):
    """REGISTERs over connections of their own, so that all workers are asked."""
    got = []
    for _ in range(count):
        with scene.connected(user) as phone:
            phone.ua.token = token
            got.append(phone.register().status)
    return scene.eq(got, [want] * count, f"answers to {count} REGISTERs")


def others(token):
    """That token with one character changed, each one in turn."""
    for at, char in enumerate(token):
        yield token[:at] + ("A" if char != "A" else "B") + token[at + 1:]
    yield token + "="
    yield token + "A"
    yield token[:-1]


scene.part("a token that comes again")
alice = scene.token("alice")
costs(WORKERS - 1, 1, "the same token in all workers", lambda: registers(alice, 200))
scene.eq(cache()["entries"], 1, "entries")
scene.ok(100 < cache()["bytes"] < 1024, "bytes of one entry", cache()["bytes"])
costs(0, 1, "another token of the same user", lambda: registers(scene.token("alice"), 200, 1))
scene.eq(cache()["entries"], 2, "entries")

scene.part("what differs in one character is refused, and found nowhere")
before = scene.seen("REGISTER")
count = 0
hits = spent()[0]
with scene.connected("alice") as phone:
    for other in others(alice):
        status = phone.ask(phone.ua.register(token=other)).status
        count += scene.ok(status == 401, "an altered token is refused", f"{status} {other}")
scene.eq(count, len(alice) + 3, "altered tokens refused")
scene.eq(spent()[0], hits, "hits of altered tokens")
scene.eq(scene.seen("REGISTER"), before, "REGISTERs of altered tokens in the core")
scene.eq(cache()["entries"], 2, "entries")
costs(1, 0, "the token itself after all that", lambda: registers(alice, 200, 1))

scene.part("flush and reload")
scene.eq(cache("flush")["entries"], 0, "entries after a flush")
scene.ok("400" in scene.rpc_all("webrtc_ims.token_cache", "drop"), "another argument is refused")
costs(WORKERS - 1, 1, "after the flush", lambda: registers(alice, 200))
scene.provision()
scene.eq(cache()["entries"], 0, "entries after a reload")
costs(WORKERS - 1, 1, "after a reload of the same", lambda: registers(alice, 200))
scene.provision(keys=[{"jwks_file": "jwks.json"}, {"jwks_file": "second.json"}])
costs(WORKERS - 1, 1, "after another key came", lambda: registers(alice, 200))

scene.part("rules that changed, and a key that is gone")
scene.provision(audience="else.test")
costs(0, WORKERS, "another audience is wanted", lambda: registers(alice, 401))
scene.provision(audience="ims.test", keys={"jwks_file": "second.json"})
costs(0, WORKERS, "the key is gone", lambda: registers(alice, 401))
scene.provision(keys={"jwks_file": "jwks.json"})
costs(WORKERS - 1, 1, "and is back", lambda: registers(alice, 200))

scene.part("exp passes while it is in the cache")
brief = scene.token("alice", "--exp-in", "3")
end = time.time() + 3
costs(3, 1, "while it lasts", lambda: registers(brief, 200, 4))
held = cache()["entries"]
until(5, lambda: time.time() > end)
costs(0, 2, "afterwards", lambda: registers(brief, 401, 2))
scene.eq(scene.counter("token_expired"), 2, "outcomes token_expired")
scene.eq(cache()["entries"], held - 1, "entries: the expired one was taken out")
scene.done()
