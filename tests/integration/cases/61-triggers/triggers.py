# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Six ranges, from their registration to their end; see README.md."""

from ranges import RANGES, Ranges

scene = Ranges()
carol = scene.core_ua("carol")


def before(of):
    """What the trigger has done so far, with nobody there."""
    want = 1 if of.trigger == "start" else 0
    scene.registers(of, want)
    scene.comes(want, lambda: scene.state_in_core(of), f"contacts of {of} in the core before any WIC")


def life(of):
    """Two WICs of one IMPU and one of another."""
    one, two = scene.joins(of, 101), scene.joins(of, 101)
    other = scene.joins(of, 102)
    scene.registers(of, 1)
    scene.eq(scene.state_in_core(of), 1, f"contacts of {of} in the core")
    invited = len(scene.said("INVITE", "profile"))
    got = scene.calls(one, carol)
    scene.eq(got.values("P-Asserted-Identity"), [f"<{one.impu}>"], f"identity in a call from {of}")
    scene.eq(scene.said("INVITE", "profile")[invited:], [f"<{of.on_wire}>"], f"P-Profile-Key from {of}")
    scene.eq(scene.said("INVITE", "asserted")[invited:], [f"<{one.impu}>"], f"P-Asserted-Identity from {of}")
    scene.called(carol, one, [two])
    scene.called(carol, other)
    scene.quiet((one, two, other), f"after the calls in {of}")
    for wic in (one, two, other):
        scene.leaves(wic)
    scene.not_there(carol, of.member(101))


def after(of):
    """Nobody is left in it."""
    stays = of.trigger == "start"
    scene.registers(of, 1, 0 if stays else 1)
    scene.comes(1 if stays else 0, lambda: scene.state_in_core(of), f"contacts of {of} in the core at the end")
    # Of a range that is not registered the core knows by itself that nobody is there.
    scene.not_there(carol, of.member(101))


for part in (before, life, after):
    for each in RANGES:
        scene.part(f"{part.__name__}: {each}")
        part(each)
leave = sum(each.trigger != "start" for each in RANGES)
scene.eq(scene.seen("REGISTER"), len(RANGES) + leave + 1, "REGISTERs in the core, that of carol among them")
scene.done()
