# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A 200 that comes when even the transaction is forgotten (5 s after its end)."""

import time

from scene import Scene
from wic import Mw, response

FORGOTTEN = 6.5  # s

scene = Scene()
core = Mw(*scene.icscf, peer=scene.mw)
with scene.connected("wic6") as phone:
    sent = phone.ua.register()
    phone.send_sip(sent)
    got = core.expect("REGISTER")
    scene.eq(phone.final(sent).status, 503, "REGISTER that the core does not answer")
    asked = time.monotonic()
    back = core.wait_for(lambda m: m.method == "REGISTER" and m.get("Expires") == "0", FORGOTTEN + 2)
    core.answer(back, 200)
    phone.serve(max(0, asked + FORGOTTEN - time.monotonic()))
    core.send_sip(response(got, 200, headers=[("Contact", got.get("Contact")),
                                              ("Service-Route", "<sip:orig@127.0.0.1;lr>")]))
    scene.ok(phone.quiet(0.7), "the stray 200 does not reach the WIC", phone._kept)
    scene.eq(scene.rpc("webrtc_ims.bindings", "impu", "sip:wic6@ims.test").strip(), "", "bindings")
scene.done()
