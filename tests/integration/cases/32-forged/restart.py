# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens of the start before: the key is the same, the connection is not,
even if it has the same number."""

import json

from scene import Scene
from wic import Dialog, Mw, Ua

scene = Scene()
with open(f"{scene.run}/before", encoding="ascii") as text:
    before = json.load(text)
alice, carol = scene.phone("wic7"), scene.core_ua("wic8")
mw = Mw(peer=scene.mw)
ua = Ua("sip:carol@ims.test", transport="UDP", via_host=f"{mw.addr[0]}:{mw.addr[1]}")

call = Dialog(before["call_id"], before["local"], before["remote"], before["target"], before["routes"], 10)
for method in ("INFO", "BYE", "INVITE"):
    scene.status(alice, alice.ua.in_dialog(call, method), 430, f"{method} with the Record-Route of before")
alice.send_sip(alice.ua.ack(call))
user = before["contact"].partition("sip:")[2].partition("@")[0]
for contact in (user, scene.core("registered", alice.impu).split()[0].partition("sip:")[2].partition("@")[0]):
    for method in ("MESSAGE", "INVITE"):
        request = ua.request(method, f"sip:{contact}@127.0.0.1:{scene.mw[1]}", routes=[
            f"<sip:{before['path']}@127.0.0.1:{scene.mw[1]};lr>"])
        answer = scene.status(mw, request, 430, f"{method} with the Path of before")
        if method == "INVITE" and answer:
            mw.send_sip(ua.ack_failure(request, answer))
scene.quiet((alice, carol), "with tokens of before")
scene.done()
