# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Losses that Kamailio notices: RST, FIN, Close."""

import time

from dialogs import call
from lostcall import bye_comes, no_more
from scene import Phone, Scene

scene = Scene()
bob, carol = scene.phone("bob"), scene.core_ua("carol")
number = iter(range(1, 100))


def fresh(**odd):
    """A WIC of its own for each loss; odd: of Wic."""
    return scene.phone(f"wic{next(number)}", **odd)


def by_close(wic):
    """A page that is closed in good order."""
    wic.close(1001)


LOSSES = (("RST", Phone.rst), ("FIN", Phone.fin), ("Close", by_close))

for how, lose in LOSSES:
    scene.part(f"{how}: caller and callee lost, the other side in the core, then a WIC")
    for peer in (carol, bob):
        before = scene.counter("bye_sent")
        wic = fresh()
        _, kept = call(wic, peer)
        port = wic.link.local[1]
        lose(wic)
        lost = time.monotonic()
        bye_comes(scene, peer, lost, kept, f"{how} of the caller, {peer.user} is left")
        wic = fresh()
        kept, _ = call(peer, wic)
        lose(wic)
        bye_comes(scene, peer, time.monotonic(), kept, f"{how} of the callee, {peer.user} is left")
        no_more(scene, (peer,), f"{how}, {peer.user} is left")
        scene.eq(scene.counter("bye_sent") - before, 2, f"BYEs sent after two times {how}")

scene.part("the CSeq goes on where the WIC left it")
wic = fresh()
mine, kept = call(wic, carol)
mine.cseq = 41
info = wic.ua.in_dialog(mine, "INFO")
wic.send_sip(info)
carol.reply(carol.expect("INFO"), 200)
wic.final(info)
wic.rst()
bye = carol.expect("BYE")
scene.ok(bye.cseq[0] > 42, "CSeq of the BYE after one of 42", bye.cseq)
carol.reply(bye, 200)
no_more(scene, (carol,), "the BYE with its CSeq", 0.2)

scene.part("a call of two, one is lost; the other calls of the one that is left go on")
wic = fresh()
_, kept = call(wic, carol)
_, stays = call(bob, carol)
wic.rst()
bye_comes(scene, carol, time.monotonic(), kept, "RST of one of two callers")
scene.bye(carol, bob, stays, "BYE of the call that went on")
no_more(scene, (carol, bob), "the end of both calls", 0.2)

scene.part("a client that gets the dead one's port gets nothing of it")
port = scene.own_port()
wic = fresh(source_port=port)
_, kept = call(carol, wic)
wic.rst()
heir = Phone(scene, "wic99", source_port=port).connect()
carol.reply(carol.expect("BYE"), 200)
carol.send_in_dialog(carol.ua.in_dialog(kept, "INFO"))
scene.quiet((heir,), "the port of the dead one", 0.5)
carol.wait_for(lambda msg: msg.is_response and msg.status >= 400 and msg.method == "INFO")
heir.drop()

carol.close()

scene.part("both sides lost at once")
one, two = fresh(), fresh()
call(one, two)
one.rst()
two.rst()
scene.comes(True, lambda: scene.stats()["connections"] == 1, "both connections are gone")
bob.drop()
scene.comes(0, lambda: scene.stats()["calls"], "calls at the end", 10)
scene.done()
