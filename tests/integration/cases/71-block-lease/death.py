# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The node that registers the range is killed."""

import time

from leases import AT_FIRST, LEASE, RANGE, Leases

scene = Leases()
carol = scene.core_ua("carol")
holder, other = scene.holder(5)
wic = other.joins(RANGE, 301)
scene.called(carol, wic)
holder.joins(AT_FIRST, 302)
scene.eq(scene.row(holder, AT_FIRST).get("registered_by"), "ours", "who registers the range of which all WICs are there")
scene.comes("other", lambda: scene.row(other, AT_FIRST).get("registered_by"), "that, as the other says")
before = other.counter("leases_taken")
registers, gone = scene.said_to_core()

scene.part("kill -9")
command = holder.kill()
died = time.monotonic()
scene.holder(LEASE + 1, [other])
scene.part(f"taken over after {time.monotonic() - died:.1f} s")
scene.in_core(other)
scene.eq(scene.said_to_core(), (registers + 1, gone + 1), "REGISTERs and de-REGISTERs since")
scene.in_core(other, of=AT_FIRST)
scene.part(f"so is the range without a WIC, and is registered after {time.monotonic() - died:.1f} s")
scene.eq(other.counter("leases_taken"), before + 2, "leases taken")
back = other.joins(AT_FIRST, 302)
scene.called(carol, back)
scene.eq(wic.closed, None, "Close of the WIC")
scene.eq(wic.register().status, 200, "its refresh")
scene.called(carol, wic)
scene.calls(wic, carol)

scene.part("it comes back")
lost = other.counter("ranges_lost")
holder.start_again(command)
scene.all_are("registered")
scene.know_each_other()
scene.in_core(other)
scene.eq(scene.ours(), [other], "who registers it")
scene.eq(scene.said_to_core(), (registers + 1, gone + 1), "REGISTERs and de-REGISTERs since it was killed")
scene.eq((other.counter("ranges_lost"), holder.counter("ranges_lost")), (lost, 0), "ranges that were lost")
scene.done()
