# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""One WIC at each end, or a WIC and a subscriber of the core."""

import time

from dialogs import rings
from ringing import LOSSES, LOST, in_time
from scene import Scene
from wic import Dialog

scene = Scene()
bob, carol = scene.phone("bob"), scene.core_ua("carol")
number = iter(range(1, 100))


def fresh():
    """A WIC of its own for each loss."""
    return scene.phone(f"wic{next(number)}")


for how, lose in LOSSES:
    for peer in (carol, bob):
        scene.part(f"{how} of a WIC that {peer.user} calls")
        for code in (180, 0):
            wic = fresh()
            invite, _ = rings(peer, wic, code)
            lose(wic)
            with in_time(scene, f"{how} of who is called by {peer.user}"):
                scene.eq(peer.final(invite).status, 430, f"{how}: INVITE of {peer.user}, {code or 'nothing'} came")
        scene.part(f"{how} of a WIC that calls {peer.user}")
        wic = fresh()
        invite, got = rings(wic, peer)
        lose(wic)
        with in_time(scene, f"{how} of who calls {peer.user}"):
            cancel = peer.expect("CANCEL")
        scene.eq((cancel.call_id, cancel.all("Via")[:1]), (got.call_id, got.all("Via")[:1]), "CANCEL of that INVITE")
        scene.eq(cancel.all("Reason"), [LOST], "Reason of that CANCEL, through the core")
        peer.reply(cancel, 200)
        peer.reply(got, 487)
        peer.expect("ACK")
        scene.quiet((peer,), f"{how} of who calls {peer.user}", 0.1)

scene.eq((scene.counter("bye_sent"), scene.counter("early_lost")), (0, 3 * 2 * 3), "BYEs, and what was given up")

scene.part("a 200 crosses the CANCEL: BYE, although dialog_grace is not over")
wic = fresh()
_, got = rings(wic, carol)
wic.rst()
carol.expect("CANCEL")
lost = time.monotonic()
carol.reply(got, 200)
bye = carol.wait_for(lambda msg: not msg.is_response and msg.method == "BYE")
scene.ok(time.monotonic() - lost < 8, "BYE in time")
scene.eq((bye.call_id, bye.all("Reason")), (got.call_id, [LOST]), "that call, and why")
carol.reply(bye, 200)

scene.part("who is called and owes the answer to a CANCEL")
wic = fresh()
invite, got = rings(bob, wic)
bob.send_sip(bob.ua.cancel(invite))
wic.reply(wic.expect("CANCEL"), 200)
wic.rst()
with in_time(scene, "the loss of who was cancelled"):
    scene.eq(bob.final(invite).status, 487, "INVITE that was cancelled")

scene.part("a call that was answered waits for dialog_grace")
wic = fresh()
invite, got = rings(bob, wic)
ok = wic.reply(got, 200)
bob.send_sip(bob.ua.ack(Dialog.of_caller(bob.final(invite))))
wic.expect("ACK")
wic.rst()
scene.comes(1, lambda: scene.stats()["connections"], "the connection is gone")
scene.quiet((bob,), "a call in its grace", 0.5)
scene.done()
