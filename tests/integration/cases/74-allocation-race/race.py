# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A block of 1,000 IMPUs and more users than that."""

import itertools
import os
import threading
import time
from collections import Counter

from clustered import Clustered
from crowd import Store, spread
from wic import Ua, Wic, address_uri, tls_context

CLIENTS, BLOCK = 64, 1000
REFUSALS = 3  # after which a client has seen that the block is full
QUARANTINE = 2

scene = Clustered()
EDGES = list(scene.place.edges.values())
context = tls_context(scene.place.ca)
store = Store(scene.place.registrar)


class Client(threading.Thread):
    """Registers one user after the other, and keeps their connections."""

    def __init__(self, number, tokens):
        super().__init__(daemon=True)
        self.number, self.tokens, self.held, self.answers, self.times = number, tokens, [], Counter(), []

    def run(self):
        for turn in itertools.count():
            if self.answers[503] == REFUSALS:
                return
            user, token = next(self.tokens)
            host, port = EDGES[(self.number + turn) % len(EDGES)]
            wic = Wic(host, port, name="localhost", origin=scene.origin, timeout=15)
            wic.tcp().tls(context).upgrade()
            ua = Ua(f"sip:{user}@ims.test", token=token)
            began = time.monotonic()
            answer = wic.ask(ua.register(600))
            self.times.append(time.monotonic() - began)
            self.answers[answer.status] += 1
            if answer.status == 200:
                self.held.append((user, address_uri(answer.values("P-Associated-URI")[0]), wic, ua))
            else:
                self.answers["no Retry-After"] += not answer.get("Retry-After")
                wic.drop()
                if answer.status != 503:
                    return

    def release(self):
        """De-registers all."""
        for _, _, wic, ua in self.held:
            self.answers["released"] += wic.ask(ua.register(0)).status == 200
            wic.drop()


class Tokens:
    """(user, token) of one user after the other; any thread may ask."""

    def __init__(self, made):
        self.made, self.lock = iter(made), threading.Lock()

    def __next__(self):
        with self.lock:
            return next(self.made)


def together(clients, method):
    """All do it at once; s that it took."""
    began = time.monotonic()
    threads = [threading.Thread(target=getattr(client, method), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    scene.ok(not any(thread.is_alive() for thread in threads), f"all clients end: {method}")
    return time.monotonic() - began


def one_round(turn, tokens):
    """Until it is full, and released."""
    clients = [Client(number, tokens) for number in range(CLIENTS)]
    took = together(clients, "run")
    answers = sum((client.answers for client in clients), Counter())
    held = [row for client in clients for row in client.held]
    scene.part(f"round {turn}: {dict(answers)} in {took:.1f} s; REGISTER "
               f"{spread([s for client in clients for s in client.times])}")
    scene.eq(len(held), BLOCK, "IMPUs that were given")
    scene.eq(len({impu for _, impu, _, _ in held}), BLOCK, "distinct IMPUs")
    scene.eq(len({user for user, _, _, _ in held}), BLOCK, "users")
    scene.eq(answers[503], CLIENTS * REFUSALS, "REGISTERs that find the block used up")
    scene.eq(answers["no Retry-After"], 0, "refusals without Retry-After")
    scene.eq(set(answers) - {200, 503, "no Retry-After"}, set(), "other answers")
    stored = {entry.impu: entry.owner for entry in store.entries()}
    scene.eq(len(stored), BLOCK, "entries in Redis")
    scene.eq([user for user, impu, _, _ in held if user not in (stored.get(impu) or "")], [], "users whose entry is another's")
    together(clients, "release")
    scene.eq(sum(client.answers["released"] for client in clients), BLOCK, "released")
    scene.comes(0, lambda: sum(runs for runs, _ in store.leases().values()), "IMPUs taken after all have left", QUARANTINE + 4)
    scene.eq((len(store.entries()), len(store.owners())), (0, 0), "entries and owners in Redis after all have left")


rounds = int(os.environ["ROUNDS"])
users = [f"u{i:04d}" for i in range(BLOCK + CLIENTS * REFUSALS)]
began = time.monotonic()
made = [(user, scene.place.token(user)) for user in users]
scene.part(f"{len(made)} tokens in {time.monotonic() - began:.1f} s")
for turn in range(1, rounds + 1):
    # Others first each time.
    shift = turn * 137 % len(made)
    one_round(turn, Tokens(made[shift:] + made[:shift]))
scene.done()
