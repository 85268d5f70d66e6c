# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each step of a registration is seen in Redis; what Redis lost is told again, and
who came later loses."""

from redisfor import Registered, entry, impu
from wic import WicClosed

LIFE, LOST, TOLD, OLD, YOUNG, FORGOTTEN, STRAY, ODD, KICKED = (
    f"range1-{name}" for name in ("life", "lost", "told", "old", "young", "forgotten", "stray", "odd", "kicked"))

scene = Registered()


def life():
    scene.part("REGISTER, refresh, a second device, de-REGISTER")
    phone = scene.connected(LIFE)
    scene.eq(phone.register(expires=300).status, 200, "REGISTER")
    scene.same(LIFE, 1, "after the REGISTER")
    phone.register(expires=120)
    scene.ok(118000 < int(scene.cli("PTTL", entry(LIFE))) <= 121000, "the entry lives as long as the binding")
    other = scene.phone(LIFE)
    scene.same(LIFE, 2, "with a second device")
    other.register(expires=0)
    scene.same(LIFE, 1, "after one has left")
    phone.register(expires=0)
    scene.same(LIFE, 0, "after both have left")


def ends():
    scene.part("a lost connection and its grace, a revocation")
    phone, told = scene.phone(LOST), scene.phone(TOLD)
    name = scene.contacts(LOST)
    phone.drop()
    scene.comes(0, lambda: scene.rows("webrtc_ims.registrations", impu(LOST))[0]["connection"], "it is lost")
    scene.eq(scene.contacts(LOST), name, "contacts in its grace")
    scene.same(LOST, 0, "after the grace", 4)
    scene.rpc("webrtc_ims.revoke", "subject", "shop", TOLD)
    scene.closes(told, 4401)
    scene.same(TOLD, 0, "after the revocation")


def conflicts():
    scene.part("by hand: another owner in Redis, older and younger")
    old, young = scene.phone(OLD), scene.phone(YOUNG)
    since = scene.taken(OLD, -1000)
    scene.taken(YOUNG, 1000)
    scene.closes(old, 4409)
    scene.eq(scene.fields(OLD)["owner"], "mallory", "owner, who is older")
    scene.comes("", lambda: scene.fields(YOUNG).get("owner"), "owner, who is older")
    scene.same(YOUNG, 1, "of the older owner")
    scene.eq((scene.counter("registrar_conflicts"), scene.counter("registrar_displaced")), (1, 1), "counted")
    scene.eq(scene.count_log(f"{impu(OLD)} is another user's in the registrar, since {since - 1000}: "
                             f"the registration here, since {since}, ends"), 1, "printed")
    answer = scene.connected(OLD).register()
    scene.eq((answer.status, answer.reason), (403, "Identity In Use"), "REGISTER of who came later")
    again = scene.phone(YOUNG)
    again.register(expires=0)
    scene.same(YOUNG, 1, "after one has left")
    scene.taken(YOUNG, -1)
    try:
        scene.eq(young.register().status, 409, "refresh against an older owner")
        scene.closes(young, 4409)
    except WicClosed as end:  # by the round, which came first
        scene.eq(end.code, 4409, "code of the Close frame")


def forgets():
    scene.part("FLUSHALL: what is registered here comes back")
    phone = scene.phone(FORGOTTEN)
    contacts = scene.contacts(FORGOTTEN)
    since = scene.fields(FORGOTTEN)["since"]
    scene.cli("FLUSHALL")
    scene.comes(contacts, lambda: scene.contacts(FORGOTTEN), "contacts after FLUSHALL", 5)
    scene.eq(scene.fields(FORGOTTEN)["since"], since, "since when")
    return phone


def strays():
    scene.part("by hand: a contact that has ended here, and one of another node")
    phone = scene.phone(STRAY)
    name, = scene.contacts(STRAY)
    before = scene.counter("registrar_strays")
    scene.adds(STRAY, "e" * 24, 1)
    scene.adds(STRAY, "d" * 24, 9)
    scene.comes(sorted([name, "d" * 24]), lambda: scene.contacts(STRAY), "contacts that stay", 5)
    scene.eq(scene.counter("registrar_strays"), before + 1, "counted")
    scene.eq(scene.count_log(f"{impu(STRAY)}: the registrar has the contact {'e' * 24} of this node"), 1, "printed")
    phone.register(expires=0)


def unreadable():
    scene.part("by hand: a contact that is none")
    phone = scene.phone(ODD)
    before = scene.counter("registrar_ignored")
    scene.cli("HSET", entry(ODD), "c:" + "c" * 24, "soon 1 here")
    found, contact = scene.rows("webrtc_ims.registrar_find", impu(ODD))
    scene.eq((found["contacts"], contact["contact"]), (1, scene.ours(ODD)[0]), "found besides it")
    scene.ok(scene.counter("registrar_ignored") > before, "counted")
    phone.register(expires=0)


def by_hand():
    scene.part("RPC: registrar, blocks, nodes, list, find, kick")
    phone = scene.phone(KICKED)
    rows = scene.rows("webrtc_ims.registrar")
    scene.eq((rows[0]["store"], rows[0]["shared"], rows[0]["node"]), ("redis", "yes", 1), "registrar")
    scene.ok({"put", "again", "remove", "beat"} <= {row.get("step") for row in rows}, "steps that are timed", rows)
    beats, = (row for row in rows if row.get("step") == "beat")
    scene.eq(sum(n for name, n in beats.items() if name.startswith("le_") or name == "more"), beats["count"], "beats by their time")
    scene.ok(beats["count"] > 1 and 0 < beats["slowest_us"] < 5_000_000, "beats", beats)
    block, = scene.rows("webrtc_ims.blocks")
    scene.eq((block["outcome"], block["size"], block["quarantine"]), ("ok", 0, 0), "block")
    scene.ok(block["entries"] >= 2, "entries", block)
    node, = scene.rows("webrtc_ims.nodes")
    scene.eq((node["node"], node["address"], node["alive"], node["own"]),
             (1, f"127.0.1.1:{scene.mw[1]}", "yes", "yes"), "node")
    listed = scene.rows("webrtc_ims.registrar_list", scene.range)
    scene.ok({impu(KICKED), impu(FORGOTTEN)} <= {row.get("impu") for row in listed}, "listed", listed)
    scene.eq(listed[-1].get("next"), "end", "the end of the list")
    found, contact = scene.rows("webrtc_ims.registrar_find", impu(KICKED))
    scene.eq((found["impu"], found["contacts"], contact["contact"], contact["node"], contact["alive"]),
             (impu(KICKED), 1, scene.ours(KICKED)[0], 1, "yes"), "found")
    scene.ok("404" in scene.rpc_all("webrtc_ims.registrar_find", "nobody@ims.test"), "a user who has none")
    scene.ok("404" in scene.rpc_all("webrtc_ims.registrar_kick", "sip:else@ims.test"), "kick of what is in no range")
    scene.ok("ok" in scene.rpc_all("webrtc_ims.registrar_kick", impu(KICKED)), "kick")
    scene.closes(phone, 4409)
    scene.comes([], lambda: scene.ours(KICKED), "nothing is registered")
    scene.eq(scene.connected(KICKED).register().status, 403, "REGISTER right after it")
    scene.ok(5000 < int(scene.cli("PTTL", entry(KICKED))) <= 6000, "so long, and no longer")


life()
ends()
conflicts()
kept = forgets()  # registered to the end
strays()
unreadable()
by_hand()
scene.done()
