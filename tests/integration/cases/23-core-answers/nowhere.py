# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTER where the core's name leads nowhere."""

from scene import Scene

scene = Scene()
alice = scene.connected("alice")
register = alice.ua.register()
scene.eq(alice.ask(register, 20).status, 503, "REGISTER")
scene.ok(alice.quiet(0.5), "one answer only")
scene.eq(scene.stats()["bindings"], 0, "bindings")
scene.done()
