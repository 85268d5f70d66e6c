# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Clean stops, and orders."""

from leases import RANGE, SOON, Leases

scene = Leases()
carol = scene.core_ua("carol")
scene.all_are("registered", 5)
holder, other = scene.holder()

lost = holder.counter("leases_lost")

scene.part("an order moves it, and nobody notices")
wic = holder.joins(RANGE, 401)
other.rpc("webrtc_ims.range", "register", RANGE.wildcard)
scene.in_core(other)
scene.comes("other", lambda: scene.row(holder).get("registered_by"), "who registers it, says the one before")
scene.eq((scene.row(holder)["state"], wic.closed), ("registered", None), "the range there, Close of its WIC")
scene.eq(holder.counter("leases_lost"), lost + 1, "leases that it lost")

scene.part("a clean stop")
other.stop()
scene.holder(SOON, [holder])
scene.in_core(holder)
scene.eq(wic.closed, None, "Close of the WIC")
scene.called(carol, wic)
scene.done()
