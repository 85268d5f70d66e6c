# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What both programs of this case do: wait for the BYE that ends a call."""

import time

from wic import WicClosed, WicTimeout


def tag(address):
    """The tag of a From or To value."""
    return address.rpartition("tag=")[2]


def bye_comes(scene, peer, lost, kept, what, earliest=0.0, latest=2.0):
    """One BYE for the one who is left: peer, whose side of the dialog is kept.
    lost: when the other one went."""
    try:
        bye = peer.expect("BYE", latest + 5)
    except (WicTimeout, WicClosed) as why:
        scene.ok(False, f"BYE after {what}", repr(why))
        return
    took = time.monotonic() - lost
    scene.ok(earliest <= took <= latest, f"{earliest} to {latest} s until BYE after {what}", f"{took:.2f}")
    scene.eq(bye.call_id, kept.call_id, f"Call-ID of the BYE after {what}")
    scene.eq((tag(bye.get("From")), tag(bye.get("To"))), (tag(kept.remote), tag(kept.local)),
             f"tags of the BYE after {what}")
    scene.eq(bye.all("Reason"), ['SIP;cause=480;text="WebSocket lost"'], f"Reason of the BYE after {what}")
    peer.reply(bye, 200)


def no_more(scene, peers, what, seconds=0.6):
    """No second BYE, no retransmission."""
    scene.quiet(peers, what, seconds)
    scene.comes(0, lambda: scene.stats()["calls"], f"calls after {what}", 10)
