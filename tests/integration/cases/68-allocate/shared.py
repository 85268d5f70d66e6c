# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same with Redis as the registrar; first, or "again" after a kill of the eP-CSCF."""

import os
import signal

from allocating import Allocating

CROWD = "sip:range6-!.*!@ims.test"
scene = Allocating()
amy = scene.joins("amy@sales.acme.test")
kept = os.path.join(os.environ["SCENE_RUN"], "kept")

if os.environ["TURN"] == "first":
    scene.part("in Redis: the same user has the same IMPU, nobody else has it")
    second, ben = scene.joins("amy@sales.acme.test"), scene.joins("ben@sales.acme.test")
    scene.eq(second.impu, amy.impu, "second device")
    scene.ok(ben.impu != amy.impu, "another user has another one", ben.impu)
    scene.refused(scene.user("eve@sales.acme.test", to="sip:amy@sales.acme.test"), 403, "to_mismatch")
    scene.eq(scene.gets(amy), amy.impu, "refresh")
    scene.eq(scene.block("sip:range1-!.*!@ims.test")["allocated"], 2, "users of the block")

    scene.part("in Redis: a block for one of these, the next block for another")
    vips = [scene.joins(f"vip-{n}") for n in range(3)]
    scene.eq([vip.impu for vip in vips[:2]], ["sip:range2-ann@ims.test", "sip:range2-ben@ims.test"], "the list")
    scene.eq(scene.joins("vip-2").impu, vips[2].impu, "second device of who is in the next block")

    scene.part("in Redis: used up, quarantine, free")
    others = [scene.joins(f"user{n}@sales.acme.test") for n in range(3)]
    dan = scene.user("dan@sales.acme.test")
    answer = scene.refused(dan, 503, "block_used_up")
    scene.ok(int(answer.get("Retry-After") or 0) > 0, "Retry-After", answer.get("Retry-After"))
    scene.leaves(ben)
    back = scene.joins("ben@sales.acme.test")
    scene.eq(back.impu, ben.impu, "IMPU of who comes back in the quarantine")
    scene.leaves(back)
    scene.refused(dan, 503, "block_used_up")
    scene.comes(ben.impu, lambda: scene.gets(dan), "IMPU of the next one, after the quarantine")

    scene.part("in Redis: more at once than there are IMPUs")
    for _ in range(2):
        have = scene.rush([f"crowd{n}" for n in range(24)], 16)
        scene.eq(scene.block(CROWD)["free"], 0, "free in a block that is used up")
        scene.leaves(*have)
        scene.comes(16, lambda: scene.block(CROWD)["free"], "free when all have left")
    with open(kept, "w", encoding="utf-8") as file:
        file.write(amy.impu)
    # with all that are registered
    os.killpg(int(os.environ["EDGE_PID"]), signal.SIGKILL)
else:
    scene.part("in Redis: an eP-CSCF that was killed has taken nobody's IMPU along")
    with open(kept, encoding="utf-8") as file:
        scene.eq(amy.impu, file.read(), "IMPU of the same user")
    scene.refused(scene.user("ben@sales.acme.test"), 503, "block_used_up")
    scene.eq(len(scene.rows("webrtc_ims.bindings", "impu", amy.impu)), 1, "contacts")
scene.done()
