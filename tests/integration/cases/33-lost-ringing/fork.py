# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs of one IMPU of a range, of which some are lost while they ring."""

from forking import Caller, Fork
from ringing import LOSSES, in_time

scene = Fork()
caller = Caller(scene)
BOB = "sip:range1-bob@ims.test"

for how, lose in LOSSES:
    scene.part(f"{how} of one of two that ring: the other one answers")
    one, two = scene.wic("range1-bob"), scene.wic("range1-bob")
    invite = caller.call(BOB)
    scene.rings(one, "who is lost")
    at_two = scene.rings(two, "who is left")
    lose(one)
    scene.comes(1, lambda: scene.stats()["connections"], "one connection is gone")
    scene.quiet((two,), "who rings on", 0.3)
    two.reply(at_two, 200)
    answer = caller.final(invite)
    scene.eq(answer.status, 200, f"INVITE after {how} of one")
    dialog = caller.talk(answer)
    two.expect("ACK")
    bye = caller.ua.bye(dialog)
    caller.send_sip(bye)
    two.reply(two.expect("BYE"), 200)
    scene.eq(caller.final(bye).status, 200, "BYE")

    scene.part(f"{how} of the last one that rings: 480")
    invite = caller.call(BOB)
    scene.rings(two, "the last one")
    lose(two)
    with in_time(scene, f"{how} of the last one"):
        scene.eq(caller.ends(invite).status, 480, f"INVITE after {how} of all")

scene.part("the ones of the next q ring when those of this one are lost, and not before")
first, second = scene.wic("range1-bob", "0.9"), scene.wic("range1-bob", "0.1")
invite = caller.call(BOB)
scene.rings(first, "of the higher q")
scene.quiet((second,), "of the lower q", 0.2)
first.rst()
with in_time(scene, "the loss of the higher q", 1.0):
    at_second = scene.rings(second, "of the lower q")
second.reply(at_second, 486)
scene.eq(caller.ends(invite).status, 486, "INVITE, one lost and one busy")
second.expect("ACK")
scene.leave(second)

scene.part("one that says nothing at all counts as unreachable after RING_MS, not after WIC_TIMEOUT_MS")
first, second = scene.wic("range1-ann", "0.9"), scene.wic("range1-ann", "0.1")
invite = caller.call("sip:range1-ann@ims.test")
scene.rings(first, "who says nothing", 0)
with in_time(scene, "RING_MS of one that says nothing", 3.0):
    at_second = scene.rings(second, "of the next q")
second.reply(at_second, 486)
scene.eq(caller.ends(invite).status, 486, "INVITE, one silent and one busy")
scene.leave(first, second)
scene.done()
