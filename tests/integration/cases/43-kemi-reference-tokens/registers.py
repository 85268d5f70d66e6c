# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTERs with reference tokens; see README.md."""

from asked import Asked

scene = Asked()
server = scene.server
token = scene.opaque("wic20")
with scene.wic("wic20", token) as phone:
    for what in ("first", "second"):
        scene.eq(phone.register().status, 200, f"{what} REGISTER")
    scene.contact("wic20")
scene.eq(server.asked[token], 1, "questions")
scene.registers("wic20", scene.opaque("wic20", active=False), 401, what="inactive")
scene.nobody_waits()
scene.done()
