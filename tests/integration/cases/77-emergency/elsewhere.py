# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Emergency calls that this site does not take."""

import os

from scene import Scene
from wic import Mw

scene = Scene()
ecscf = Mw(port=int(os.environ["E_CSCF"]))
before = scene.seen("INVITE", "MESSAGE")
for phone, taken in ((scene.phone("alice"), os.environ["REGISTERED"] == "1"), (scene.connected("bob"), False)):
    for method in ("INVITE", "MESSAGE"):
        request = phone.ua.request(method, "urn:service:sos.fire", headers=[("Contact", phone.ua.contact)])
        phone.send_sip(request)
        if taken:
            ecscf.answer(ecscf.expect(method), 486)
        answer = phone.final(request)
        scene.eq(answer.status, 486 if taken else 380, f"{method} of {phone.user}")
        if not taken:
            scene.eq(answer.all("Contact"), [], "Contact")
            scene.ok(b"<type>emergency</type>" in answer.body, "body", answer.body)
            scene.eq(int(answer.get("Content-Length") or len(answer.body)), len(answer.body), "Content-Length")
        if method == "INVITE":
            phone.send_sip(phone.ua.ack_failure(request, answer))
            if taken:
                ecscf.expect("ACK")
    scene.eq(scene.stats()["closing"], 0, "connections closed for it")
scene.quiet((ecscf,), "calls that are not taken", 0.1)
scene.eq(scene.seen("INVITE", "MESSAGE"), before, "requests in the core")
scene.done()
