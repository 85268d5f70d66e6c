# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs register while their WWSF publishes its keys, well or badly."""

import itertools
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from scene import Scene, until

WICS = int(os.environ.get("WICS", "6"))
THREADS = int(os.environ.get("THREADS", "1"))
ROTATIONS = int(os.environ.get("ROTATIONS", "2"))  # an even number: k1 again at the end
PAUSE = 0.02 / THREADS  # s before each REGISTER
SLOW_REGISTER = 2.0  # s; a fetch may take 5
SIGNERS = {"k1": "key", "k2": "second", "k9": "foreign"}
SETS = {"k1": "jwks", "k2": "second"}
FAULTS = ("500", "empty", "garbage", "big", "redirect", "certificate", "broken-off", "slow")
scene = Scene()


def published(name):
    """Path of a file that the server looks at."""
    return f"{scene.run}/jwks/{name}"


def write(path, text):
    """A whole file at once."""
    with open(f"{path}.new", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(f"{path}.new", path)


def publish(*kids):
    """These keys and no other, and waits until the eP-CSCF has them."""
    keys = []
    for kid in kids:
        with open(f"{scene.run}/wwsf/{SETS[kid]}.json", encoding="utf-8") as src:
            keys += json.load(src)["keys"]
    write(published("jwks.json"), json.dumps({"keys": keys}))
    scene.comes(" ".join(kids), lambda: state()["published"], f"{' '.join(kids)} are taken")


def state():
    """webrtc_ims.keys of the WWSF as a dict."""
    pairs = (line.partition(":") for line in scene.rpc("webrtc_ims.keys").splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def requests():
    """How many fetches the server has seen, of which kind."""
    with open(published("requests"), encoding="ascii") as src:
        return src.read().split()


def signed(user, kid):
    """A token by that key."""
    return scene.token(user, "--key", f"{scene.run}/wwsf/{SIGNERS[kid]}.pem", "--kid", kid)


class Load:
    """WICs that refresh their registrations, one after another in each of some
    threads, until stopped; no answer but 200, and none late."""

    def __init__(self, *kids):
        with ThreadPoolExecutor(2) as pool:
            self.phones = list(pool.map(scene.connected, (f"wic{n}" for n in range(WICS))))
            self.tokens = {kid: list(pool.map(lambda p, kid=kid: signed(p.user, kid), self.phones))
                           for kid in kids}
        self.kid, self.refused, self.slowest = kids[0], [], 0.0
        self.count, self.under_way = [0] * THREADS, [None] * THREADS
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(THREADS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc):
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        for phone in self.phones:
            phone.drop()
        if exc[0] is None:
            scene.eq(self.refused, [], "good tokens that were refused")
            scene.ok(self.done > WICS, "there was a load", self.done)
            scene.ok(self.slowest < SLOW_REGISTER, "the slowest REGISTER", self.slowest)
            print(f"{self.done} REGISTERs, the slowest took {self.slowest:.3f} s", flush=True)

    @property
    def done(self):
        """REGISTERs so far."""
        return sum(self.count)

    def goes_on(self, least=10):
        """Each WIC has had its turn, or nearly so; on average."""
        before = self.done
        return scene.ok(until(60, lambda: self.done > before + max(WICS, least)), "REGISTERs go on")

    def sign_with(self, new):
        """Tokens by that key from now on; waits for the end of the others."""
        old, self.kid = self.kid, new
        scene.ok(until(10, lambda: old not in self.under_way), "the old token is out of use")

    def _run(self, thread):
        for n in itertools.cycle(range(thread, WICS, THREADS)):
            if self.stopped.wait(PAUSE):
                return
            self.under_way[thread] = kid = self.kid
            begun = time.monotonic()
            phone = self.phones[n]
            phone.ua.token = self.tokens[kid][n]
            try:
                status = phone.register().status
            except Exception as why:  # pylint: disable=broad-except
                status = repr(why)
            if status != 200:
                self.refused.append((kid, status))
            self.under_way[thread] = None
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.count[thread] += 1


def no_keys_yet():
    """The server is not there: not now, and not for ever."""
    scene.part("no keys yet")
    phone = scene.connected("wic0")
    for _ in range(3):
        answer = phone.register()
        scene.eq(answer.status, 503, "a good token before the first set")
        scene.ok(int(answer.get("Retry-After")) > 0, "when to come again")
    scene.eq(scene.seen("REGISTER"), 0, "REGISTERs that the core has seen")
    scene.comes(True, lambda: int(state()["failures"]) > 0, "the failure is shown")
    scene.eq(state()["state"], "none", "state")
    scene.ok("connect" in state()["trouble"], "and why", state()["trouble"])
    scene.eq(scene.counter("keys_empty"), 1, "keys_empty")
    phone.drop()


def first_keys():
    """The server comes."""
    scene.part("the first set comes")
    scene.comes("k1", lambda: state()["published"], "the set is fetched")
    scene.phone("wic0").drop()
    scene.eq(scene.counter("keys_empty"), 0, "keys_empty")


def rotation():
    """Each new key is published before it is used."""
    scene.part("rotation under load")
    with Load("k1", "k2") as load:
        load.goes_on()
        for old, new in [("k1", "k2"), ("k2", "k1")] * (ROTATIONS // 2):
            publish(old, new)
            load.sign_with(new)
            publish(new)
            load.goes_on()


def failed_more(than):
    """Has an attempt failed since?"""
    return scene.counter("key_refresh_failures") > than


def faults():
    """The server is there, but answers anything."""
    with Load("k1") as load:
        for mode in FAULTS:
            scene.part(mode)
            failures = scene.counter("key_refresh_failures")
            write(published("mode"), mode)
            scene.rpc("webrtc_ims.refresh_keys", "shop")
            scene.ok(until(8, lambda: failed_more(failures)), "the fetch fails")
            load.goes_on()
            scene.eq(state()["published"], "k1", "the keys stay")
        scene.eq(state()["state"], "stale", "state")
        scene.ok(set(FAULTS) <= set(requests()), "the server has seen them all", requests())
        write(published("mode"), "good")
        scene.rpc("webrtc_ims.refresh_keys", "shop")
        scene.comes("fresh", lambda: state()["state"], "state after recovery")
        scene.ok(scene.count_log("keys come from"), "and a line in the log")


def dead():
    """The server is gone, for a while."""
    scene.part("dead")
    with Load("k1") as load:
        failures = scene.counter("key_refresh_failures")
        scene.ok(until(5, lambda: failed_more(failures + 1)), "fetches fail")
        load.goes_on(60)


def wide_bounds():
    """Nothing is fetched for its age from now on."""
    path = os.environ["PROVISIONING"]
    with open(path, encoding="utf-8") as src:
        provisioning = json.load(src)
    provisioning["wwsf"][0]["keys"].update(refresh_min=600, refresh_max=600)
    write(path, json.dumps(provisioning))
    scene.ok("generation" in scene.rpc("webrtc_ims.reload"), "other bounds")
    scene.ok(until(5, lambda: int(state()["next"]) > 500), "nothing is due soon", state())
    scene.eq(state()["published"], "k1", "the keys stay over the reload")


def unknown():
    """Tokens that name keys of nobody: one fetch for all of them."""
    scene.part("unknown keys")
    wide_bounds()
    before, core = len(requests()), scene.seen("REGISTER")
    phone = scene.connected("wic0")
    phone.ua.token = signed("wic0", "k9")
    scene.eq(phone.register().status, 503, "a fetch may bring the first one")
    scene.ok(until(5, lambda: len(requests()) > before), "that fetch")
    scene.comes("no", lambda: state()["refreshing"], "has ended")
    got = [phone.register().status for _ in range(200)]
    scene.eq(got, [401] * 200, "it did not bring any")
    phone.ua.token = signed("wic0", "k2")
    scene.eq(phone.register().status, 401, "a key that is not published any more")
    scene.eq(len(requests()), before + 1, "fetches for 202 tokens")
    scene.eq(scene.seen("REGISTER"), core, "REGISTERs that the core has seen")
    scene.phone("wic0").drop()
    phone.drop()


def window():
    """They are asked for all the time, for longer than a window."""
    scene.part("unknown keys for 70 s")
    wide_bounds()
    phone = scene.phone("wic0")  # or the connection would be closed meanwhile
    before, begun = len(requests()), time.monotonic()
    phone.ua.token = signed("wic0", "k9")
    refused = 0
    while time.monotonic() < begun + 70:
        refused += phone.register().status in (401, 503)
    scene.ok(refused > 1000, "tokens refused", refused)
    scene.eq(len(requests()), before + 3, f"fetches for {refused} tokens: at 0, 30 and 60 s")
    phone.drop()


def restarted():
    """The server is not there, the keys of the run before are."""
    scene.part("restart without the server")
    phone = scene.phone("wic0")
    scene.eq(scene.count_log("from the state directory"), 1, "lines that tell where they come from")
    phone.drop()


def damaged():
    """The server is not there, and the file is damaged."""
    scene.part("restart with a damaged file")
    phone = scene.connected("wic0")
    scene.eq(phone.register().status, 503, "no keys")
    scene.eq(scene.count_log("keys-shop.state is ignored"), 1, "lines that tell why")
    phone.drop()


{"none": no_keys_yet, "first": first_keys, "rotation": rotation, "faults": faults, "dead": dead,
 "unknown": unknown, "window": window, "restarted": restarted, "damaged": damaged}[os.environ["PHASE"]]()
scene.done()
