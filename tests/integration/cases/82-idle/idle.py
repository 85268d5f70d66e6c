# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that do nothing, or nothing but creep, beside WICs that are served."""

import select
import time

from scene import Phone, Scene, until

EACH = 20
BOUND = 25  # s, of a machine that is busy; the limits are 3 and 4 s

scene = Scene()
HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(64)


class Creeper:
    """A connection that got so far, and sends a byte of the rest now and then."""

    def __init__(self, kind, step, rest):
        self.kind, self.rest = kind, rest
        self.wic = Phone(scene, "alice")
        for name in ("tcp", "tls", "upgrade")[:step]:
            getattr(self.wic, name)()
        self.send = self.wic.link.send_below_tls if step == 1 else self.wic.link.send

    def creep(self):
        """One byte more; nothing once it was ended."""
        try:
            if self.rest:
                self.send(self.rest[:1])
                self.rest = self.rest[1:]
        except OSError:
            pass

    def ended(self):
        """Has the other side ended it?"""
        readable, _, _ = select.select([self.wic.link.sock], [], [], 0)
        return bool(readable) and self.wic.link.wait_end(0.01) is not None


bob = scene.phone("bob")
get = Phone(scene, "alice").upgrade_bytes("AAAAAAAAAAAAAAAAAAAAAA==")
before = scene.seen("REGISTER")
KINDS = {"TCP alone": (1, b""), "creeping TLS": (1, HELLO), "TLS alone": (2, b""), "creeping HTTP": (2, get),
         "WebSocket alone": (3, b""), "creeping frame": (3, b"\x01\xfe\x40\x00" + bytes(500))}

scene.part(f"{EACH} of each kind")
began = time.monotonic()
crowd = [Creeper(kind, *how) for kind, how in KINDS.items() for _ in range(EACH)]
took, lasted = [], {}
while crowd and time.monotonic() < began + BOUND:
    for one in crowd:
        one.creep()
    asked = time.monotonic()
    scene.ok(bob.ask(bob.ua.message("sip:nobody@ims.test", "hi")).status != 503, "bob is served beside them")
    took.append(time.monotonic() - asked)
    for one in [one for one in crowd if one.ended()]:
        crowd.remove(one)
        lasted[one.kind] = time.monotonic() - began
        one.wic.drop()
    time.sleep(0.1)
scene.eq(sorted({one.kind for one in crowd}), [], "kinds that are not ended")
for kind, seconds in lasted.items():
    print(f"   {kind}: the last one ended after {seconds:.1f} s")
took.sort()
print(f"   MESSAGE beside them: median {1000 * took[len(took) // 2]:.1f} ms, p99 {1000 * took[len(took) * 99 // 100]:.1f} ms")
scene.ok(scene.counter("handshakes_cut") >= 4 * EACH, "handshakes_cut", scene.counter("handshakes_cut"))
scene.ok(until(5, lambda: scene.stats()["connections"] == 1), "WebSockets left: bob's", scene.stats())
scene.eq(scene.seen("REGISTER"), before, "REGISTERs in the core")
scene.eq(bob.register().status, 200, "bob, who has been registered all the time")
scene.done()
