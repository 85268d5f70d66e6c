# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Emergency calls while the media relay is gone: those that need it are served elsewhere."""

import os

import sdp
from scene import Scene
from wic import Mw

scene = Scene()
ecscf = Mw(port=int(os.environ["E_CSCF"]))
alice = scene.phone("alice")


def sos(method, body):
    """With that SDP, or none."""
    kind = [("Content-Type", "application/sdp")] if body else []
    return alice.ua.request(method, "urn:service:sos", headers=[("Contact", alice.ua.contact), *kind], body=body)


scene.part("SDP that cannot be translated: 380")
call = sos("INVITE", sdp.browser())
alice.send_sip(call)
answer = alice.final(call)
scene.eq((answer.status, answer.get("Content-Type")), (380, "application/3gpp-ims+xml"), "INVITE with SDP")
alice.send_sip(alice.ua.ack_failure(call, answer))
scene.eq(scene.counter("media_unavailable"), 1, "media_unavailable")
scene.quiet((ecscf,), "the call that is not taken", 0.2)
scene.part("what needs no media goes to the E-CSCF")
text = sos("MESSAGE", b"")
alice.send_sip(text)
ecscf.answer(ecscf.expect("MESSAGE"), 200)
scene.eq(alice.final(text).status, 200, "MESSAGE")
scene.done()
