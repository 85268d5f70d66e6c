# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same answer for all, with a Reason, as the operator wants it."""

from scene import Scene
from targets import METHODS, RangeCore

scene = Scene()
core = RangeCore(scene)
answers = set()
for method in METHODS:
    for impu in ("sip:range1-none@ims.test", "sip:elsewhere2@ims.test"):
        answer = core.rejected("with other answers", 410, impu, method)
        if answer:
            scene.eq((answer.start, answer.all("Reason")),
                     ("SIP/2.0 410 Not Here", ['Q.850;cause=20;text="Subscriber absent"']), f"answer to {method}")
for impu in ("sip:range1-none@ims.test", "sip:elsewhere2@ims.test"):
    request = core.request("MESSAGE", impu, call_id="same")
    request.set("Via", f"SIP/2.0/UDP {core.ua.via_host};branch=z9hG4bKsame;rport")
    request.set("From", "<sip:caller@other.test>;tag=same")
    answers.add(core.bytes_of(impu, request))
scene.eq(len(answers), 1, "different answers inside and outside of all ranges")
scene.done()
