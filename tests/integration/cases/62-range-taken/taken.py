# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Three ranges are taken away, three stay; see README.md."""

from ranges import RANGES, Ranges
from scene import DOMAIN

# The core's registrar does not undo escapes: range5 is another one to its RTR.
TAKEN = (RANGES[0], RANGES[3], RANGES[4])
KEPT = [of for of in RANGES if of not in TAKEN]

scene = Ranges()
carol = scene.core_ua("carol")
wics = {of: (scene.joins(of, 101), scene.joins(of, 102)) for of in RANGES}


def contacts(of):
    """How many WICs of the range are registered here."""
    return scene.rpc("webrtc_ims.registrations", of.wildcard).count("contact:")


for of in RANGES:
    scene.eq(contacts(of), 2, f"WICs of {of}")
for of in TAKEN:
    scene.part(f"taken away: {of}")
    before = scene.registers_of(of.to)
    scene.rtr(f"sip:{of.member(101)}@{DOMAIN}")
    for wic in wics[of]:
        scene.closes(wic, 4503)
    scene.comes(0, lambda: contacts(of), f"WICs of {of} afterwards")
    scene.not_there(carol, of.member(101))
    scene.comes("registered", lambda: scene.state(of), f"{of} again", 10)
    back = scene.joins(of, 101)
    scene.eq(scene.registers_of(of.to, 0), 0, f"de-REGISTERs of {of}")
    scene.comes(1, lambda: scene.registers_of(of.to) - before, f"REGISTERs of {of} since")
    scene.called(carol, back)
for of in KEPT:
    scene.part(f"kept: {of}")
    scene.eq(contacts(of), 2, f"WICs of {of}")
    for wic in wics[of]:
        scene.eq(wic.closed, None, f"Close of {wic.user}")
        scene.called(carol, wic)
    scene.registers(of, 1)
scene.done()
