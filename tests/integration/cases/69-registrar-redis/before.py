# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each step of a registration is seen in Redis."""

from redisfor import Registered, entry

A = "range1-a"

scene = Registered()


def life():
    scene.part("REGISTER, refresh, a second device, de-REGISTER")
    phone = scene.connected(A)
    scene.eq(phone.register(expires=300).status, 200, "REGISTER")
    scene.same(A, 1, "after the REGISTER")
    phone.register(expires=120)
    scene.ok(118000 < int(scene.cli("PTTL", entry(A))) <= 121000, "the entry lives as long as the binding")
    other = scene.phone(A)
    scene.same(A, 2, "with a second device")
    other.register(expires=0)
    scene.same(A, 1, "after one has left")
    phone.register(expires=0)
    scene.same(A, 0, "after both have left")


life()
scene.done()
