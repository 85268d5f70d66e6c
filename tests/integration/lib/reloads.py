# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs that register all the time, in processes of their own, while something
else happens. One REGISTER in ten has a token whose signature is damaged."""

import json
import multiprocessing
import os
import re
import time
from collections import Counter

from scene import Phone, until
from wic import WicClosed, WicTimeout

PROCESSES = 2
BAD_EVERY = 10
# identities of the added WWSF: a provisioning that is lost in memory is seen
LARGE = 4000


def damaged(token):
    """With another letter in the middle of its signature."""
    return token[:-30] + ("A" if token[-30] != "A" else "B") + token[-29:]


class Load:
    """users: {name: token}; rate: REGISTERs a second, of all together. All are
    registered when "with" begins, and connected until it ends; they register on
    between go() and halt()."""

    def __init__(self, scene, users, rate):
        self.scene, self.results, self.ready = scene, multiprocessing.Queue(), multiprocessing.Semaphore(0)
        self.going, self.stop, self.finish = (multiprocessing.Event() for _ in range(3))
        names, self.began = list(users.items()), 0
        self.workers = [multiprocessing.Process(target=self.run, daemon=True, args=(names[n::PROCESSES], rate / PROCESSES))
                        for n in range(PROCESSES)]

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        for _ in self.workers:
            if not self.ready.acquire(timeout=30):
                raise SystemExit("FAIL: the WICs do not register")
        return self

    def __exit__(self, *exc):
        for event in (self.going, self.stop, self.finish):
            event.set()
        for worker in self.workers:
            worker.join(15)

    def go(self):
        """From now on."""
        self.began = time.monotonic()
        self.going.set()

    def halt(self):
        """What was answered: ({(answer, answer that is right): count}, REGISTERs a second)"""
        self.stop.set()
        seconds, total = time.monotonic() - self.began, Counter()
        for _ in self.workers:
            total.update(dict(self.results.get(timeout=30)))
        return total, sum(total.values()) / seconds

    # --- in the processes
    def run(self, users, rate):
        """One of them: its WICs in turn, each with one REGISTER on its way."""
        phones = []
        for name, token in users:
            phone = Phone(self.scene, name).connect()
            phone.ua.token, phone.waits = token, None
            phone.ask(phone.ua.register())
            phones.append(phone)
        self.ready.release()
        self.going.wait()
        answers, sent, began = Counter(), 0, time.monotonic()
        while not self.stop.is_set():
            phone = phones[sent % len(phones)]
            self.take(phone, answers)
            time.sleep(max(0, began + sent / rate - time.monotonic()))
            self.send(phone, sent % BAD_EVERY == BAD_EVERY - 1)
            sent += 1
        for phone in phones:
            self.take(phone, answers)
        self.results.put(list(answers.items()))
        self.finish.wait()

    @staticmethod
    def send(phone, bad):
        """The next REGISTER."""
        request = phone.ua.register(token=damaged(phone.ua.token) if bad else None)
        phone.waits = (request, 401 if bad else 200)
        phone.send_sip(request)

    @staticmethod
    def take(phone, answers):
        """The answer to the one before, if there was one."""
        if phone.waits is None:
            return
        request, right = phone.waits
        phone.waits = None
        try:
            answers[phone.final(request, 10).status, right] += 1
        except (WicTimeout, WicClosed) as why:
            answers[type(why).__name__, right] += 1


class Reloads:
    """Reloads of a provisioning file: as it was, with a WWSF more, with that
    one's keys changed, and every fourth is broken."""

    def __init__(self, scene, file):
        self.scene, self.file, self.count = scene, file, 0
        with open(file, encoding="utf-8") as text:
            self.good = json.load(text)

    def texts(self):
        """Provisioning files in turn."""
        first = {**self.good["wwsf"][0], "impus": ["sip:wic*@ims.test"], "impis": ["wic*@ims.test"]}
        more = {**first, "name": "more", "origins": ["https://more.test"], "issuer": "https://more.test",
                "impus": [f"sip:more-{n}@ims.test" for n in range(LARGE)], "impis": ["more*@ims.test"]}
        return (json.dumps(self.good), json.dumps({"version": 1, "wwsf": [first, more]}),
                json.dumps({"version": 1, "wwsf": [first, {**more, "leeway": 10}]}),
                json.dumps({"version": 1, "wwsf": [first, {**more, "keys": {"jwks": {"keys": []}}}]}))

    def one(self):
        """The next; the broken one must be refused by name."""
        which = self.count % 4
        self.count += 1
        with open(self.file + ".new", "w", encoding="utf-8") as out:
            out.write(self.texts()[which])
        os.rename(self.file + ".new", self.file)
        answer = self.scene.rpc_all("webrtc_ims.reload")
        if which == 3:
            self.scene.ok("error: 500" in answer and "$.wwsf[1].keys" in answer, "a broken file is refused", answer)
        else:
            self.scene.ok("generation" in answer, "a good file is taken", answer)


def memory(scene):
    """Bytes of shared memory in use, but for the token cache: what it found with
    an earlier provisioning stays until there is no room."""
    scene.rpc("webrtc_ims.token_cache", "flush")
    return int(re.search(r"real_used: (\d+)", scene.rpc("core.shmmem")).group(1))


def settled(scene):
    """The same, once tm has let go of the last transaction, which takes seconds."""
    until(20, lambda: "current: 0\n" in scene.rpc("tm.stats").replace("\t", ""))
    return memory(scene)


def under_load(scene, file, users, rate, reloads, seconds, room):
    """So many reloads spread over that time; no answer is wrong, none is lost, and
    shared memory grows by less than room bytes."""
    source = Reloads(scene, file)
    source.one()
    with Load(scene, users, rate) as load:
        start = settled(scene)
        load.go()
        for n in range(reloads):
            time.sleep(max(0, load.began + n * seconds / reloads - time.monotonic()))
            source.one()
        answers, reached = load.halt()
        grown = settled(scene) - start
    print(f"   {reloads} reloads under {reached:.0f} REGISTER/s, {rate} were wanted; {sum(answers.values())} answers; "
          f"shared memory: {start} bytes before, {grown} more after", flush=True)
    scene.eq({pair: count for pair, count in answers.items() if pair[0] != pair[1]}, {}, "wrong and lost answers")
    scene.ok(all(answers[status, status] > 0 for status in (200, 401)), "good and bad tokens were answered", answers)
    scene.ok(grown < room, "shared memory is as full as before", f"{grown} bytes more")
