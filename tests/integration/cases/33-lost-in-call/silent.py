# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs that fall silent in a call: they neither read nor answer pings."""

import time

from dialogs import call
from lostcall import bye_comes, no_more
from scene import Scene

GRACE = 3.0  # dialog_grace.silent of case.sh
scene = Scene()
carol = scene.core_ua("carol")
bob = scene.phone("wic52")

scene.part("two fall silent at once, one as caller, one as callee")
caller = scene.phone("wic50")
_, left_b = call(caller, bob)
callee = scene.phone("wic51")
left_c, _ = call(carol, callee)
silent = time.monotonic()
gone = {}  # connections that are left: when
while time.monotonic() - silent < 12 and 1 not in gone:
    bob.serve(0.1)  # the one who lives answers pings
    gone.setdefault(scene.stats()["connections"], time.monotonic())
if not scene.ok(1 in gone, "the connections of both are given up within 12 s", gone):
    scene.done()
# In the order in which they fell silent; both at once when there was no 2.
for peer, kept, when in ((bob, left_b, gone.get(2, gone[1])), (carol, left_c, gone[1])):
    bye_comes(scene, peer, when, kept, f"silence, {peer.user} is left", GRACE - 1.5, GRACE + 1.5)
no_more(scene, (bob, carol), "silence")
scene.eq(scene.counter("bye_sent"), 2, "BYEs sent")
scene.done()
