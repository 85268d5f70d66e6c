# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""After kill -9 and a new start of the eP-CSCF."""

import time

from redisfor import Registered, entry

STAYS, OLD, YOUNG, LOST = (f"range1-{name}" for name in ("stays", "older", "younger", "lost"))

scene = Registered()
scene.part("kill -9 of the eP-CSCF: what it had is gone, and registers again")
scene.eq(scene.cli("GET", "kept"), "3", "entries before")
scene.comes([], lambda: scene.contacts(STAYS), "contacts of the earlier start", 5)
scene.eq(scene.count_log("that node 1 had are gone from the registrar") > 0, True, "told")
phone = scene.phone(STAYS)
scene.same(STAYS, 1, "registered again")
node, = scene.rows("webrtc_ims.nodes")
scene.eq((node["node"], node["own"], node["alive"]), (1, "yes", "yes"), "node")
phone.register(expires=0)
scene.comes("0", lambda: scene.cli("EXISTS", entry(STAYS)), "entry after the de-REGISTER")


def heals():
    scene.part("a connection to Redis broke, as in a failover: what was lost is found within 5 s")
    old, young, lost = (scene.phone(user) for user in (OLD, YOUNG, LOST))
    contacts = scene.contacts(LOST)
    scene.taken(OLD, -1000)
    scene.taken(YOUNG, 1000)
    scene.cli("DEL", entry(LOST))
    scene.adds(YOUNG, "e" * 24, 1)
    scene.cli("CLIENT", "KILL", "TYPE", "normal")
    start = time.monotonic()
    scene.closes(old, 4409)
    scene.same(YOUNG, 1, "of the older owner", 5)
    scene.comes(contacts, lambda: scene.contacts(LOST), "contacts that were lost", 5)
    seconds = time.monotonic() - start
    scene.ok(seconds < 5, "all of it within 5 s", seconds)
    print(f"{seconds:.1f} s")
    scene.eq((scene.counter("registrar_conflicts"), scene.counter("registrar_displaced")), (1, 1), "counted")
    scene.eq(scene.ours(OLD), [], "who came later")
    return young, lost


kept = heals()
scene.done()
