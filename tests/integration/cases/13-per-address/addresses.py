# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""As many WebSockets as one address may hold, and one more."""

from scene import Scene, until
from wic import Wic, WicRefused

scene = Scene()


def opened(source="127.0.0.1"):
    """A WebSocket from that address, or the HTTP status that refused it."""
    try:
        return Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost", origin=scene.origin,
                   source_host=source).connect()
    except WicRefused as refused:
        return refused.status


scene.part("an address that is full")
held = [opened() for _ in range(3)]
scene.ok(all(isinstance(wic, Wic) for wic in held), "three are let in")
for _ in range(5):
    scene.eq(opened(), 503, "one more")
scene.eq(scene.stats()["connections"], 3, "connections")

scene.part("another address")
other = opened("127.0.0.2")
scene.ok(isinstance(other, Wic), "it is let in", other)

scene.part("whoever leaves makes room")
for _ in range(3):
    held.pop(0).drop()
    scene.comes(3, lambda: scene.stats()["connections"], "connections after one left")
    held.append(opened())
    scene.ok(isinstance(held[-1], Wic), "one is let in", held[-1])
    scene.eq(opened(), 503, "and no more")
other.drop()
scene.ok(until(3, lambda: scene.stats()["connections"] == 3), "the other address left", scene.stats())
scene.done()
