# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose an IMPU is: REGISTERs, RPC and reloads with ranges."""

import copy
import json
import os
import re

from flows import Flows

FILE = os.environ["PROVISIONING"]
GOOD = json.load(open(FILE, encoding="utf-8"))
BANK = "https://bank.test"
RANGE1, POOL = "sip:range1-!.*!@ims.test", "sip:pool![1-9][0-9]{0,2}!@ims.test"
flows = Flows()


def write(provisioning, name=None):
    """Into the file in use, or another one beside it."""
    path = FILE if name is None else os.path.join(os.path.dirname(FILE), f"{name}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(provisioning, out)


def changed(**members):
    """The good one with other members; bank=... are those of the second WWSF."""
    out = copy.deepcopy(GOOD)
    out["wwsf"][1].update(members.pop("bank", {}))
    out["wwsf"][0].update(members)
    return out


def reload():
    """The RPC's answer, errors included."""
    return flows.rpc_all("webrtc_ims.reload")


def refreshed():
    """Statuses of a REGISTER of each WIC that is registered."""
    return {wic.register().status for wic in (inside, vip, pooled)}


def memory():
    """Bytes of shared memory in use, without transactions: tm keeps them some
    seconds after their end."""
    flows.comes("0", lambda: re.search(r"current: (\d+)", flows.rpc("tm.stats")).group(1),
                "transactions of tm", 15)
    return int(re.search(r"real_used: (\d+)", flows.rpc("core.shmmem")).group(1))


def wic_of(user, impi, origin):
    """A WIC of that WWSF with a token."""
    odd = {"origin": origin} if origin else {}
    wic = flows.connected(user, **odd)
    wic.ua.token = flows.token(user, "--impi", f"{impi}@ims.test",
                               *(("--iss", origin) if origin else ()))
    return wic


def register(user, impi, want, reason="", origin=None):
    """A REGISTER over a connection of its own; refused ones close it."""
    wic = wic_of(user, impi, origin)
    flows.eq(wic.register().status, want, f"REGISTER of {user}")
    if reason:
        flows.eq(wic.wait_close(2), (4000 + want, reason), f"end of the WebSocket of {user}")
    return wic


def owner(impu):
    """What the RPC tells of an IMPU: WWSF, range, registrar."""
    row = flows.rows("webrtc_ims.range_match", impu)[0]
    return tuple(str(row.get(name, "")) for name in ("wwsf", "range", "registrar"))


def nobody(impu):
    """The RPC knows nobody who has that IMPU."""
    flows.ok("error: 404" in flows.rpc_all("webrtc_ims.range_match", impu), f"{impu} is nobody's")


flows.part("membership decides about a REGISTER")
inside = register("range1-7", "range1-a", 200)
vip = register("range1-vip", "range1-vip", 200)
pooled = register("pool17", "pool17", 200, origin=BANK)
flows.comes(3, lambda: flows.seen("REGISTER"), "REGISTERs in the core: range, IMPU, pool")
register("pool17", "range1-a", 403, "impu_not_entitled")
register("range1-8", "pool18", 403, "impu_not_entitled", origin=BANK)
register("range2-7", "range1-a", 403, "impu_not_entitled")
register("range1", "range1-a", 403, "impu_not_entitled")  # the pilot
register("pool0", "pool18", 403, "impu_not_entitled", origin=BANK)
register("range1-9", "pool18", 403, "impi_not_entitled")
register("pool18", "range1-a", 403, "impi_not_entitled", origin=BANK)
flows.eq(sorted(flows.said("REGISTER", "to")),
         ["sip:pool17@ims.test", "sip:range1-vip@ims.test", "sip:range1@ims.test"],
         "who is registered in the core: the range by its pilot, and nobody in it")

flows.part("RPC: whose an IMPU is")
flows.eq(owner("sip:range1-7@IMS.test:5060"), ("shop", RANGE1, "epcscf"), "an IMPU of the range")
flows.eq(owner("sip:range1-vip@ims.test"), ("shop", "", "core"), "an IMPU of its own in the range")
flows.eq(owner("sip:pool17@ims.test"), ("bank", POOL, "core"), "an IMPU of the pool")
nobody("sip:pool0@ims.test")
nobody("sip:range1@ims.test")
flows.ok("error: 400" in flows.rpc_all("webrtc_ims.range_match", "range1"), "no URI is refused")

flows.part("bad files: the answer says what and where, the old ranges stay")
RANGE = GOOD["wwsf"][0]["ranges"][0]
for name, bad, named in (
        ("wide", changed(ranges=[{**RANGE, "range": "sip:!.*!@ims.test"}]),
         "$.wwsf[0].ranges[0]: \"sip:!.*!@ims.test\": byte 0: too wide"),
        ("foreign", changed(ranges=["sip:x!.*!@other.test"]), "of another host"),
        ("overlap", changed(bank={"ranges": ["sip:range1-a!.*!@ims.test"]}),
         f'$.wwsf[1].ranges[0]: "sip:range1-a!.*!@ims.test" overlaps with "{RANGE1}" of WWSF "shop"'),
        ("taken", changed(bank={"impus": ["sip:range1-9@ims.test"]}),
         '$.wwsf[1].impus: "sip:range1-9@ims.test" overlaps'),
        ("ere", changed(ranges=["sip:x!(a!@ims.test"]), "$.wwsf[0].ranges[0]"),
        ("impi", changed(ranges=[{"range": RANGE1}]), "$.wwsf[0].ranges[0].impi: is required"),
        ("pilot", changed(ranges=[{**RANGE, "pilot": "sip:pool17@ims.test"}]), 'WWSF "bank"'),
        ("scenario", changed(scenario="web-auth"), "$.wwsf[0].ranges: has no meaning")):
    write(bad)
    write(bad, name)
    answer = reload()
    flows.ok("error: 500" in answer and named in answer, f"{name}: refused by name", answer)
flows.eq(owner("sip:range1-7@ims.test"), ("shop", RANGE1, "epcscf"), "owner after the bad files")
flows.eq(inside.register().status, 200, "REGISTER after the bad files")

flows.part("a good file counts in all workers")
write(changed(bank={"ranges": [POOL, "sip:bank-!(a|bc)*!@ims.test"]}))
flows.ok("generation: 2" in reload(), "a good file is taken")
flows.eq(owner("sip:bank-abc@ims.test"), ("bank", "sip:bank-!(a|bc)*!@ims.test", "core"), "a new range")
nobody("sip:bank-ac@ims.test")
for n in range(8):
    register(f"pool{20 + n}", f"pool{20 + n}", 200, origin=BANK)
write(changed(bank={"ranges": ["sip:bank-!(a|bc)*!@ims.test"]}))
reload()
for n in range(8):
    register(f"pool{30 + n}", f"pool{30 + n}", 403, "impu_not_entitled", origin=BANK)
nobody("sip:pool17@ims.test")
write(GOOD)
reload()
flows.eq(pooled.register().status, 200, "REGISTER of the pool when its range is back")

flows.part("100 reloads with ranges")
many = [f"sip:pool-{n}!([a-f]|x{n}y)*!@ims.test" for n in range(100)]
write(changed(bank={"ranges": [POOL, *many]}))
reload()
flows.eq(refreshed(), {200}, "REGISTERs before")
start = memory()
for n in range(100):
    reload()
    if n % 20 == 19:
        flows.eq(refreshed(), {200}, f"REGISTERs after {n + 1}")
grown = memory() - start
# a worker that had nothing to do may still hold an older set, of some 55 KB; one
# lost with each reload would be 5.5 MB
flows.ok(abs(grown) < 512 * 1024, "shared memory is as full as before", f"{grown} bytes more")
print(f"   shared memory: {grown} bytes more after 100 reloads with 102 ranges", flush=True)
flows.done()
