# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A 200 of the core that SIPp plays: which identities are bound then."""

import os

from scene import Scene

BOUND = {"bare": ["sip:wic4@ims.test"],
         "odd": ["sip:wic5@ims.test", "sip:wic5-two@ims.test", "tel:+15550005", "sip:wic5-three@ims.test"]}
# A wildcard stands for identities, it is none (TS 23.003 13.4A).
NOT_BOUND = ["sip:wic5-!.*!@ims.test", "sip:wic5-x@ims.test", "sip:wic1@ims.test"]

scene = Scene()
what = os.environ["WHAT"]


def rows(impu):
    """Bindings that this identity stands for."""
    return scene.rpc("webrtc_ims.bindings", "impu", impu).count("connection:")


with scene.connected("wic4" if what == "bare" else "wic5") as phone:
    answer = phone.register(expires=300)
    scene.eq(answer.status, 200, "REGISTER")
    scene.ok("expires=300" in answer.get("Contact", ""), "interval for the WIC", answer.get("Contact"))
    for each in BOUND[what]:
        scene.eq(rows(each), 1, f"bindings of {each}")
    for each in NOT_BOUND:
        scene.eq(rows(each), 0, f"bindings of {each}")
    scene.ok(phone.ping() < 5, "WebSocket is open")
scene.done()
