# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""COUNT validations, most of them out of the cache; see loop.cfg. One token in
eight has a letter of its signature changed and must never be good."""

import os
import re
import time

from scene import Phone, Scene

IN_ONE, TWICE, TOKENS, ROUNDS = 8, 2, 64, 500
scene = Scene()
count = int(os.environ["COUNT"])


def damaged(token):
    """With another letter in the middle of its signature."""
    return token[:-30] + ("A" if token[-30] != "A" else "B") + token[-29:]


def memory():
    """(shared memory in use, {process: private memory in use}, what the system
    gave to all of them of their own)"""
    shared = int(re.search(r"real_used: (\d+)", scene.rpc("core.shmmem")).group(1))
    private = scene.rpc("pkg.stats")
    names, used = re.findall(r"desc: (.*)", private), map(int, re.findall(r"\breal_used: (\d+)", private))
    return shared, dict(zip(names, used)), sum(resident(pid) for pid in re.findall(r"pid: (\d+)", private))


def resident(pid):
    """Bytes of a process that it shares with none: also those of the libraries."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+)", status.read()).group(1)) * 1024


def ask(phone, tokens, rounds):
    """One request; how many were good."""
    request = phone.ua.request("OPTIONS", "sip:ims.test", headers=[
        ("X-Rounds", rounds), *(("X-Token", token) for token in tokens)])
    answer = phone.ask(request, timeout=120)
    return int(answer.start.rpartition(" ")[2])


tokens = [scene.token(f"wic{n}") for n in range(TOKENS)]
# the damaged one comes right behind the good one, which the cache has then
sets = [[*tokens[n:n + IN_ONE - 1], damaged(tokens[n + IN_ONE - 2])] for n in range(0, TOKENS, IN_ONE)]
phone = Phone(scene, "wic1").connect()
for each in sets:
    scene.eq(ask(phone, each, 1), (IN_ONE - 1) * TWICE, "good ones in the first round")
start, counted, clock = memory(), (scene.counter("token_cache_hits"), scene.counter("token_cache_misses")), time.monotonic()
rounds = min(ROUNDS, -(-count // (TOKENS * TWICE)))
done = 0
while done < count:
    for each in sets:
        scene.eq(ask(phone, each, rounds), (IN_ONE - 1) * TWICE * rounds, "good ones")
        done += IN_ONE * TWICE * rounds
seconds = time.monotonic() - clock
end = memory()
hits, misses = (scene.counter(name) - before for name, before in
                zip(("token_cache_hits", "token_cache_misses"), counted))
print(f"   {done} validations in {seconds:.1f} s, {hits} from the cache, {misses} verified or refused", flush=True)
print(f"   shared memory {start[0]} bytes before, {end[0]} after", flush=True)
for name, before in start[1].items():
    if end[1][name] != before:
        print(f"   private memory of {name!r}: {before} bytes before, {end[1][name]} after", flush=True)
print(f"   memory of all processes of their own: {start[2]} bytes before, {end[2]} after", flush=True)
scene.eq(hits + misses, done, "hits and misses, each validation once")
scene.ok(hits > 0 and misses > done // 6, "both ways were gone", (hits, misses))
scene.ok(abs(end[0] - start[0]) < 16 * 1024, "shared memory is flat", end[0] - start[0])
scene.ok(all(abs(end[1][name] - before) < 4096 for name, before in start[1].items()), "private memory is flat")
scene.ok(end[2] - start[2] < 1024 * 1024, "so is what the libraries take", end[2] - start[2])
scene.done()
