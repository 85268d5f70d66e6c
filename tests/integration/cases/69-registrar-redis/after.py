# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""After kill -9 and a new start of the eP-CSCF."""

from redisfor import Registered, entry

STAYS = "range1-stays"

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
scene.done()
