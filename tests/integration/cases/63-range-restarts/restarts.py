# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Before and after a restart; see README.md. What the core was told before the
eP-CSCF ended is kept in a file for the part behind it."""

import json
import os

from ranges import RANGES, Ranges

scene = Ranges()
KEPT = f"{scene.run}/registers.json"
LIFE = 16  # s, what the core grants


def registered_again(of):
    """The core has a contact for the range, within one refresh."""
    scene.comes(1, lambda: scene.state_in_core(of), f"contacts of {of} in the core", LIFE)


def all_reached(wics):
    """A call to each of them; carol registers anew, the core may have forgotten her."""
    carol = scene.core_ua("carol")
    for wic in wics:
        scene.called(carol, wic)


def core_restarts():
    """Nothing changes for the WICs."""
    wics = [scene.joins(of, 101) for of in RANGES]
    all_reached(wics)
    scene.part("the core is killed and started again")
    scene.core("crash")
    scene.core("revive")
    for of in RANGES:
        registered_again(of)
    all_reached(wics)
    scene.quiet(wics, "after the restart of the core")
    for wic in wics:
        scene.eq(wic.closed, None, f"Close of {wic.user}")
    with open(KEPT, "w", encoding="utf-8") as out:
        json.dump({of.name: scene.registers_log(of) for of in RANGES}, out)


def edge_restarts():
    """The ranges go on, the WICs come back."""
    with open(KEPT, encoding="utf-8") as kept:
        before = json.load(kept)
    for of in RANGES:
        registered_again(of)
        log = scene.registers_log(of)
        scene.eq(sum(expires == 0 for _, _, expires in log), 0, f"de-REGISTERs of {of}")
        scene.comes(True, lambda: len(scene.registers_log(of)) > len(before[of.name]), f"REGISTER of {of} goes on")
        last = before[of.name][-1]
        new = scene.registers_log(of)[len(before[of.name]):]
        scene.ok(all(call_id == last[0] for call_id, _, _ in new), f"Call-ID of {of} is kept", (last, new))
        scene.ok(all(cseq > last[1] for _, cseq, _ in new), f"CSeq of {of} goes on", (last, new))
    carol = scene.core_ua("carol")
    for of in RANGES:
        scene.not_there(carol, of.member(101))
    all_reached([scene.joins(of, 101) for of in RANGES])


{"core": core_restarts, "edge": edge_restarts}[os.environ["WHAT"]]()
scene.done()
