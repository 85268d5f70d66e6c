# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reloads the provisioning under WICs that register."""

import json
import os
import re

from scene import Scene, until
from wic import WicRefused

WORKERS = 8  # connections enough to meet every WSS worker
FILE = os.environ["PROVISIONING"]
GOOD = json.load(open(FILE, encoding="utf-8"))
scene = Scene()


def write(provisioning):
    """The provisioning as an object, or as any text."""
    text = provisioning if isinstance(provisioning, str) else json.dumps(provisioning)
    with open(FILE, "w", encoding="utf-8") as out:
        out.write(text)


def changed(**members):
    """The good one with other members in its WWSF."""
    return {"version": 1, "wwsf": [{**GOOD["wwsf"][0], **members}]}


def reload():
    """The RPC's answer, errors included."""
    return scene.rpc_all("webrtc_ims.reload")


def signed(user, key, kid):
    """A token by another key of the case."""
    return scene.token(user, "--key", f"{scene.run}/wwsf/{key}.pem", "--kid", kid)


def registers(tokens, want, what):
    """REGISTERs over connections of their own, so that all workers are asked."""
    got = []
    for n in range(WORKERS):
        phone = scene.connected(f"wic{n}")
        phone.ua.token = tokens(f"wic{n}")
        got.append(phone.register().status)
        phone.drop()
    scene.eq(got, [want] * WORKERS, what)


def memory():
    """Bytes of shared memory in use."""
    return int(re.search(r"real_used: (\d+)", scene.rpc("core.shmmem")).group(1))


scene.part("keys are rotated: first both, then the new one alone")
registers(lambda u: signed(u, "second", "k2"), 401, "a key that is not provisioned yet")
write(changed(keys=[{"jwks_file": "jwks.json"}, {"jwks_file": "second.json"}]))
scene.ok("generation: 2" in reload(), "the RPC tells the generation")
registers(lambda u: signed(u, "second", "k2"), 200, "the new key, in every worker")
registers(scene.token, 200, "the old key beside it")
write(changed(keys={"jwks_file": "second.json"}))
reload()
registers(scene.token, 401, "the old key once it is out")
registers(lambda u: signed(u, "second", "k2"), 200, "the new key alone")

scene.part("a WWSF comes and goes")
bank = {**GOOD["wwsf"][0], "name": "bank", "origins": ["https://bank.test"],
        "issuer": "https://bank.test", "keys": {"jwks_file": "bank.json"},
        "impus": ["sip:b*@ims.test"], "impis": ["b*@ims.test"]}
shop = {**GOOD["wwsf"][0], "impus": ["sip:wic*@ims.test"], "impis": ["wic*@ims.test"]}
write({"version": 1, "wwsf": [shop, bank]})
reload()
staying = scene.phone("wic1")
guest = scene.connected("bob", origin="https://bank.test")
guest.ua.token = scene.token("bob", "--iss", "https://bank.test", "--key",
                             f"{scene.run}/wwsf/bank.pem", "--kid", "b1")
scene.eq(guest.register().status, 200, "a WIC of the added WWSF")
write(GOOD)
reload()
scene.eq(guest.register().status, 403, "the same WIC once its WWSF is gone")
try:
    scene.connected("bob", origin="https://bank.test")
    scene.ok(False, "its Origin is refused")
except WicRefused as refusal:
    scene.eq(refusal.status, 403, "its Origin is refused")
scene.eq(staying.register().status, 200, "a WIC of the WWSF that stayed refreshes")

scene.part("anything wrong: the answer says what and where, the old set stays")
before = reload()
for what, text, named in (
        ("no JSON", "{", "$"),
        ("misspelt member", changed(issuers=["https://wwsf.test"]),
         'unknown member "issuers"; did you mean "issuer"?'),
        ("key file missing", changed(keys={"jwks_file": "none.json"}), "cannot be read"),
        ("no key left", changed(keys={"jwks": {"keys": []}}), "$.wwsf[0].keys"),
        ("other version", {**GOOD, "version": 2}, "$.version"),
        ("two of a name", {**GOOD, "wwsf": [GOOD["wwsf"][0], GOOD["wwsf"][0]]}, "$.wwsf[1]"),
        ("empty file", "", "$")):
    write(text)
    answer = reload()
    scene.ok("error: 500" in answer and named in answer, f"{what}: refused by name", answer)
os.remove(FILE)
scene.ok("error: 500" in reload(), "file missing: refused")
registers(scene.token, 200, "the old set still serves")
write(GOOD)
scene.ok("generation" in reload() and before != "", "a good file is taken again")

scene.part("100 reloads")
phones = [scene.phone(f"wic{n}") for n in range(WORKERS)]


def refreshed():
    """Statuses of a refresh by all of them."""
    return {phone.register().status for phone in phones}


scene.eq(refreshed(), {200}, "before")
start = memory()
for n in range(100):
    reload()
    if n % 10 == 9:
        scene.eq(refreshed(), {200}, f"after {n + 1} reloads")
# tm keeps a transaction some seconds after its end
until(15, lambda: memory() - start < 64 * 1024)
grown = memory() - start
scene.ok(grown < 64 * 1024, "shared memory is as full as before", f"{grown} bytes more")
print(f"   shared memory: {grown} bytes more after 100 reloads", flush=True)
scene.done()
