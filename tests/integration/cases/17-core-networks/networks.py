# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""OPTIONS over UDP, and HTTP over TCP, from inside and outside the core's networks."""

import os
import select
import socket

from scene import Scene
from wic import Mw, SipMessage, WicTimeout, new_id

scene = Scene()
EDGE = ("127.0.0.1", int(os.environ["SCENE_MW"].rpartition(":")[2]))
HOSTS = {"127.9.1.2": True, "127.8.0.1": True, "127.8.0.2": False, "127.0.0.1": False}
GET = f"GET /ws HTTP/1.1\r\nHost: {EDGE[0]}\r\nVia: SIP/2.0/TCP {EDGE[0]}\r\nContent-Length: 0\r\n\r\n"


def options(peer, hops):
    """An OPTIONS to the eP-CSCF itself."""
    here = f"{peer.addr[0]}:{peer.addr[1]}"
    return SipMessage(f"OPTIONS sip:{EDGE[0]}:{EDGE[1]} SIP/2.0", [
        ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{new_id()}"),
        ("From", f"<sip:probe@{here}>;tag={new_id()}"), ("To", f"<sip:{EDGE[0]}>"),
        ("Call-ID", new_id()), ("CSeq", "1 OPTIONS"), ("Max-Forwards", hops), ("Content-Length", "0")])


def answer(host, hops):
    """The status of the answer; None: there is none."""
    with Mw(host=host, peer=EDGE, timeout=5 if HOSTS[host] else 1) as peer:
        try:
            return peer.ask(options(peer, hops)).status
        except WicTimeout:
            return None


def gets(hosts):
    """Those that have an answer to their GET within a second."""
    conns = {socket.create_connection(EDGE, 5, (host, 0)): host for host in hosts}
    for conn in conns:
        conn.sendall(GET.encode())
    return [conns[conn] for conn in select.select(conns, [], [], 1)[0]]


for host, served in HOSTS.items():
    for hops, status in (("70", 200), ("0", 483), ("many", 483)):
        scene.eq(answer(host, hops), status if served else None, f"OPTIONS of {host}, Max-Forwards: {hops}")
# one a minute and process, however many came
scene.ok(1 <= scene.count_log("udp from 127.8.0.2 dropped: in no network of the core") <= 2, "the log says so once")
scene.eq(gets(HOSTS), [], "answers to GET")
scene.done()
