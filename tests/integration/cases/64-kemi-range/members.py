# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Members of a range at a script in a KEMI language; see README.md."""

from ranges import RANGES, Ranges

scene = Ranges()
carol = scene.core_ua("carol")
range4 = next(of for of in RANGES if of.name == "range4")

one = scene.joins(range4, "one")
two = scene.joins(range4, "one")
scene.registers(range4, 1)
scene.calls(one, carol)
scene.called(carol, one, [two])
scene.called(carol, two, [one])
scene.leaves(one)
scene.leaves(two)
scene.not_there(carol, range4.member("one"))
scene.done()
