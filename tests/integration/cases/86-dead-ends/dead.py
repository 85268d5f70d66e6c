# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTERs that reach nobody, or calls without a media relay."""

import os
import time

from scene import Scene
from wic import Mw

scene = Scene()
alice = scene.connected("alice")
build = alice.ua.register
if os.environ.get("CORE"):
    core = Mw(port=int(os.environ["CORE"]))
    register = alice.ua.register()
    alice.send_sip(register)
    core.answer(got := core.expect("REGISTER"), 200, headers=[
        ("Contact", f"{got.get('Contact')};expires=600"), ("Service-Route", f"<{core.uri};lr>")])
    alice.ua.registered(alice.final(register))

    def build():
        """With SDP."""
        return alice.ua.invite("sip:carol@ims.test", sdp=(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\n"
            "a=ice-pwd:0123456789abcdef01234567\r\na=setup:actpass\r\na=rtcp-mux\r\n"
            f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\n"), headers=[alice.bearer])
times = []
for _ in range(3):
    request = build()
    start = time.monotonic()
    answer = alice.ask(request, timeout=20)
    times.append(time.monotonic() - start)
    scene.eq(answer.status, 503, request.method)
    if request.method == "INVITE":
        alice.send_sip(alice.ua.ack_failure(request, answer))
    scene.ok(int(answer.get("Retry-After") or 0) >= 5, "Retry-After", answer.to_bytes())
print("ms:", *(f"{1000 * each:.0f}" for each in times), flush=True)
scene.ok(max(times) < 15, "in time", times)
scene.eq(scene.stats()["closing"], 0, "connections closed for it")
if os.environ.get("CORE"):
    scene.quiet((core,), "a call without media", 0.1)
scene.done()
