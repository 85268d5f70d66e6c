# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many IMPUs on few connections: what each costs, and that all of them end."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from flows import Flows
from wic import Ua

CONNECTIONS = int(os.environ["CONNECTIONS"])
EACH = 100     # IMPUs of a connection
A_TOKEN = 16   # IMPUs of a token
AHEAD = 10     # REGISTERs that a WIC sends before it waits for answers
PAGE = 500
# What is printed is the figure; these are what it must stay below.
IMPU_BYTES = 3000
# Hash tables that have grown stay so; Kamailio keeps a connection now and then.
LEFT_AN_IMPU, LEFT_A_CONNECTION, LEFT = 130, 2048, 1 << 19

flows = Flows()


def impu(conn, i):
    return f"sip:web-{conn:04}-{i:03}@ims.test"


def tokens_of(conn):
    """Tokens for all IMPUs of a connection, of one subject."""
    options = ["--sub", f"gw-{conn}", "--impi", f"gw-{conn}@ims.test", "--exp-in", "3600"]
    found = []
    for first in range(0, EACH, A_TOKEN):
        more = [word for i in range(first, min(first + A_TOKEN, EACH)) for word in ("--impu", impu(conn, i))]
        found.append(flows.token(f"web-{conn:04}-{first:03}", *options, *more))
    return found


def memory():
    """Bytes of shared memory that are in use."""
    for line in flows.rpc("core.shmmem").splitlines():
        name, _, value = line.strip().partition(": ")
        if name == "used":
            return int(value)
    raise SystemExit("no core.shmmem")


def register_all(phone, conn, tokens):
    """All IMPUs of a connection; how many were answered 200."""
    good, sent = 0, []
    for i in range(EACH):
        ua = Ua(impu(conn, i), tokens[i // A_TOKEN], via_host=phone.ua.via_host)
        ua.instance = phone.ua.instance
        request = ua.register(expires=3600)
        phone.send_sip(request)
        sent.append(request)
        if len(sent) == AHEAD or i == EACH - 1:
            good += sum(phone.final(one, 20).status == 200 for one in sent)
            sent = []
    return good


def pages():
    """All contacts, page by page; how many different ones."""
    seen, behind = set(), ["x00000000"]
    while True:
        rows = flows.rows("webrtc_ims.registrations", "all", *behind)
        seen.update(row["contact"] for row in rows)
        if len(rows) < PAGE:
            return len(seen)
        behind = [rows[-1]["next"]]


def look_up():
    times = []
    for n in range(0, CONNECTIONS, max(1, CONNECTIONS // 50)):
        begun = time.monotonic()
        rows = flows.rows("webrtc_ims.lookup", impu(n, n % EACH))
        times.append(time.monotonic() - begun)
        flows.eq((rows[0]["registrar"], rows[0]["contacts"], len(rows)), ("epcscf", 1, 2),
                 f"lookup of {impu(n, n % EACH)}")
    flows.times("lookup by RPC, with kamcmd", times)


def in_usrloc():
    return flows.rpc("stats.get_statistics", "location_users").rpartition("= ")[2].strip()


flows.part("tokens")
with ThreadPoolExecutor(3) as pool:
    tokens = list(pool.map(tokens_of, range(CONNECTIONS)))
flows.comes(1, lambda: flows.counter("ranges_registered"), "ranges that are registered")

flows.part("connections")
at_start = memory()
phones = [flows.connected(f"web-{conn:04}") for conn in range(CONNECTIONS)]
flows.eq(flows.stats()["connections"], CONNECTIONS, "connections")
connected = memory()

flows.part("REGISTERs")
begun = time.monotonic()
good = sum(register_all(phone, conn, tokens[conn]) for conn, phone in enumerate(phones))
took = time.monotonic() - begun
registered = memory()
flows.eq(good, CONNECTIONS * EACH, "REGISTERs answered 200")
flows.eq(flows.stats()["bindings"], CONNECTIONS * EACH, "bindings in the flow table")
flows.eq(in_usrloc(), str(CONNECTIONS * EACH), "AORs in usrloc")
each = (registered - connected) / (CONNECTIONS * EACH)
flows.part(f"{good} REGISTERs in {took:.0f} s; bytes of shared memory: {each:.0f} each IMPU, "
           f"{(connected - at_start) / CONNECTIONS:.0f} each connection by itself")
flows.ok(each < IMPU_BYTES, f"less than {IMPU_BYTES} bytes each IMPU", each)

flows.part("RPC")
look_up()
flows.eq(pages(), CONNECTIONS * EACH, "contacts in all pages")

flows.part("the end")
for phone in phones:
    phone.drop()
flows.comes(0, lambda: flows.stats()["bindings"], "bindings after their grace", 120)
flows.comes("0", in_usrloc, "AORs in usrloc", 20)
flows.comes(0, lambda: flows.stats()["connections"], "connections", 60)
flows.comes(True, lambda: memory() - at_start <
            CONNECTIONS * (EACH * LEFT_AN_IMPU + LEFT_A_CONNECTION) + LEFT, "memory is given back", 60)
flows.part(f"bytes that are left: {memory() - at_start}")
flows.done()
