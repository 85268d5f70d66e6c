# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""OPTIONS over UDP from inside and outside the core's networks."""

import os

from scene import Scene
from wic import Mw, SipMessage, WicTimeout, new_id

scene = Scene()
EDGE = ("127.0.0.1", int(os.environ["SCENE_MW"].rpartition(":")[2]))


def options(peer):
    """An OPTIONS to the eP-CSCF itself."""
    here = f"{peer.addr[0]}:{peer.addr[1]}"
    return SipMessage(f"OPTIONS sip:{EDGE[0]}:{EDGE[1]} SIP/2.0", [
        ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{new_id()}"),
        ("From", f"<sip:probe@{here}>;tag={new_id()}"), ("To", f"<sip:{EDGE[0]}>"),
        ("Call-ID", new_id()), ("CSeq", "1 OPTIONS"), ("Max-Forwards", "70"), ("Content-Length", "0")])


def answered(host):
    """Is there an answer?"""
    with Mw(host=host, peer=EDGE, timeout=1) as peer:
        try:
            return peer.ask(options(peer)).status == 200
        except WicTimeout:
            return False


for host, want in (("127.9.1.2", True), ("127.8.0.1", True), ("127.8.0.2", False), ("127.0.0.1", False)):
    scene.eq(answered(host), want, f"{host} is answered")
scene.done()
