# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs register while their WWSF publishes its keys, well or badly."""

import itertools
import json
import os
import threading
import time

from scene import Scene, until

WICS = 6
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
    """WICs that refresh their registrations, one after another, until stopped;
    no answer but 200, and none late."""

    def __init__(self, *kids):
        self.phones = [scene.connected(f"wic{n}") for n in range(WICS)]
        self.tokens = {kid: [signed(p.user, kid) for p in self.phones] for kid in kids}
        self.kid, self.refused, self.slowest, self.done = kids[0], [], 0.0, 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.stopped.set()
        self.thread.join()
        for phone in self.phones:
            phone.drop()
        if exc[0] is None:
            scene.eq(self.refused, [], "good tokens that were refused")
            scene.ok(self.done > 10 * WICS, "there was a load", self.done)
            scene.ok(self.slowest < SLOW_REGISTER, "the slowest REGISTER", self.slowest)
            print(f"{self.done} REGISTERs, the slowest took {self.slowest:.3f} s", flush=True)

    def _run(self):
        for n in itertools.cycle(range(WICS)):
            if self.stopped.wait(0.02):
                return
            kid, begun = self.kid, time.monotonic()
            phone = self.phones[n]
            phone.ua.token = self.tokens[kid][n]
            try:
                status = phone.register().status
            except Exception as why:  # pylint: disable=broad-except
                status = repr(why)
            if status != 200:
                self.refused.append((kid, status))
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.done += 1


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
        for old, new in (("k1", "k2"), ("k2", "k1")):
            publish(old, new)
            load.kid = new
            time.sleep(0.15)  # REGISTERs that were under way with the old one end
            publish(new)
            before = load.done
            until(5, lambda: load.done > before + WICS)


def failed_more(than):
    """Has an attempt failed since?"""
    return scene.counter("key_refresh_failures") > than


def faults():
    """The server is there, but answers anything."""
    with Load("k1") as load:
        for mode in FAULTS:
            scene.part(mode)
            failures, before = scene.counter("key_refresh_failures"), load.done
            write(published("mode"), mode)
            scene.rpc("webrtc_ims.refresh_keys", "shop")
            scene.ok(until(8, lambda: failed_more(failures)), "the fetch fails")
            scene.ok(until(5, lambda: load.done > before + 10), "REGISTERs go on")
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
        until(5, lambda: load.done > 10 * WICS)


def unknown():
    """Tokens that name keys of nobody: one fetch for all of them."""
    scene.part("unknown keys")
    path = os.environ["PROVISIONING"]
    with open(path, encoding="utf-8") as src:
        provisioning = json.load(src)
    provisioning["wwsf"][0]["keys"].update(refresh_min=600, refresh_max=600)
    write(path, json.dumps(provisioning))
    scene.ok("generation" in scene.rpc("webrtc_ims.reload"), "other bounds")
    scene.ok(until(5, lambda: int(state()["next"]) > 500), "nothing is due soon", state())
    scene.eq(state()["published"], "k1", "the keys stay over the reload")
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
 "unknown": unknown, "restarted": restarted, "damaged": damaged}[os.environ["PHASE"]]()
scene.done()
