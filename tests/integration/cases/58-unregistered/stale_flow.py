# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""IMPUs of a pool, each registered in the core: requests over a flow that is
still there, for a Contact that is not registered any more and for one that never
was."""

from scene import Scene
from targets import METHODS, RangeCore

scene = Scene()
core = RangeCore(scene)
alice = scene.phone("alice")
fields = scene.core("registered", alice.impu).split()
contact, path = (uri.partition("sip:")[2].partition("@")[0] for uri in (fields[0], fields[-1]))
scene.eq(alice.register(expires=0).status, 200, "de-REGISTER")
for method in METHODS:
    answers = []
    for user in (contact, "0123456789abcdef01234567"):
        request = core.request(method, alice.impu, path=False, call_id=f"same-{method}")
        request.start = f"{method} sip:{user}@{core.own} SIP/2.0"
        request.push("Route", f"<sip:{path}@{core.own};lr>")
        request.set("Via", f"SIP/2.0/UDP {core.ua.via_host};branch=z9hG4bKsame{method};rport")
        request.set("From", "<sip:caller@other.test>;tag=same")
        answers.append(core.ask_again(request))
    scene.eq([answer.status for answer in answers], [480, 480], f"{method} over a flow without that Contact")
    scene.eq(answers[0].to_bytes(), answers[1].to_bytes(), f"answers to {method}")
scene.quiet((alice,), "the whole time")
scene.done()
