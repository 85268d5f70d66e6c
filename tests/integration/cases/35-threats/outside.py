# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""T12, T13, T14: ways around the WebSocket and its handshake. The token is good each
time, and the core is who must not hear of it. 36-handshake has what is answered."""

import socket

from farend import EVIL
from scene import DOMAIN
from sites import ACME, BANK, BOTH, SHOP, THIN, Sites
from wic import Mw, Ua, Wic, WicClosed, WicRefused, WicTimeout, tls_context, upgrade_request
from wic.frames import TEXT, encode

scene = Sites()
far = scene.far
alice = scene.at(SHOP, "alice")
scene.eq(alice.register().status, 200, "REGISTER of alice")
token = scene.at(SHOP, "bob").ua.token


def wishes(transport="WSS", via_host=None):
    """Requests of bob with his good token, one of each kind."""
    ua = Ua(f"sip:bob@{DOMAIN}", token=token, transport=transport, via_host=via_host)
    return [ua.register(), *(ua.request(method, f"sip:carol@{DOMAIN}", headers=[
        ("Contact", ua.contact), ("Authorization", f"Bearer {token}"), ("P-Asserted-Identity", ua.impu)]) for method in ("INVITE", "MESSAGE", "OPTIONS"))]


def raw_tls():
    """TLS to the WSS port, and nothing more."""
    return tls_context(scene.ca).wrap_socket(socket.create_connection(("127.0.0.1", scene.wss), 5), server_hostname="localhost")


def ends(sock):
    """Reads until the other side closes; what it said."""
    said = b""
    sock.settimeout(5)
    try:
        while data := sock.recv(4096):
            said += data
    except ConnectionResetError:
        pass
    except OSError as why:
        scene.ok(False, "the connection ends", repr(why))
    return said


def nothing_of(what, requests):
    """None of these is in the core, now that a good one behind them is."""
    scene.counter_check(what, alice)
    for request in requests:
        far.nothing_left(f"{request.method}, {what}", request)


# --- T12
scene.part("T12: SIP without a WebSocket")
for request in wishes("TLS"):
    with raw_tls() as sock:
        sock.sendall(request.to_bytes())
        scene.ok(ends(sock).startswith(b"SIP/2.0 403"), f"{request.method} inside TLS gets 403")
    nothing_of("inside TLS", [request])
requests = wishes("TLS")
with raw_tls() as sock:
    sock.sendall(b"".join(request.to_bytes() for request in requests))
    ends(sock)
nothing_of("several inside TLS", requests)
requests = wishes("TCP")
with socket.create_connection(("127.0.0.1", scene.wss), 5) as sock:
    sock.sendall(b"".join(request.to_bytes() for request in requests))
    ends(sock)
nothing_of("without TLS", requests)
for proto in ("udp", "tcp"):
    with Mw(proto=proto, peer=scene.mw) as plain:
        requests = wishes(proto.upper(), f"{plain.addr[0]}:{plain.addr[1]}")
        for request in requests[:3]:
            answer = plain.ask(request)
            scene.ok(answer.status in (400, 403, 404), f"{request.method} of a WIC by {proto} on Mw", answer)
        nothing_of(f"by {proto} on Mw", requests)

scene.part("T12: HTTP in a frame")
for origin in (BOTH, THIN, BANK, ACME, f"https://{EVIL}"):
    wic = scene.at(SHOP, "bob")
    wic.send_sip(upgrade_request("localhost", origin=origin))
    try:
        frame = wic.recv_frame(3)
        scene.ok(b" 101 " not in frame.payload, f"a handshake of {origin} within the WebSocket", frame.payload)
    except (WicClosed, WicTimeout):
        pass
    request = wic.ua.register(token=token)
    foreign = scene.at(BOTH, "dora")
    for what, user, tok in (("a user of that site", "dora", foreign.ua.token), ("by Digest", "carl", "")):
        request = Ua(f"sip:{user}@{DOMAIN}", token=tok).register()
        wic = scene.alive(wic, lambda: scene.at(SHOP, "bob"))
        scene.refused(f"{what}, after a handshake of {origin} in a frame", wic, request, (401, 403, 0, -1))

# --- T13, T14
scene.part("T13, T14: a handshake that is refused, and SIP right behind it")
GOOD = {"origin": SHOP}
COOKIE = {"headers": [("Cookie", "session=of-the-victim"), ("Authorization", f"Bearer {token}")]}
for what, odd in (("no Origin", {"origin": None}), ("another Origin", {"origin": f"https://{EVIL}"}), ("null", {"origin": "null"}),
                  ("one that begins so", {"origin": f"{SHOP}.{EVIL}"}), ("one that ends so", {"origin": SHOP.replace("wwsf", "xwwsf")}),
                  ("http", {"origin": SHOP.replace("https", "http")}), ("two Origins", {"origin": [SHOP, f"https://{EVIL}"]}),
                  ("a user part", {"origin": f"https://{EVIL}@wwsf.test"}), ("another port", {"origin": f"{SHOP}:8443"}),
                  ("a cookie of the victim, another site", {"origin": f"https://{EVIL}", **COOKIE}), ("no sub-protocol", {**GOOD, "subprotocol": None}),
                  ("another sub-protocol", {**GOOD, "subprotocol": "msrp"})):
    requests = wishes()
    with raw_tls() as sock:
        sock.sendall(upgrade_request("localhost", **odd) + b"".join(encode(TEXT, request.to_bytes()) for request in requests))
        head = ends(sock)
    scene.ok(b" 101 " not in head, f"{what}: no WebSocket", head[:80])
    nothing_of(f"behind a handshake with {what}", requests)
for what, behind in (("another handshake", upgrade_request("localhost", origin=f"https://{EVIL}")), ("SIP", wishes()[2].to_bytes())):
    wic = Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost", origin=SHOP).tcp().tls()
    requests = wishes()[1:]
    wic.send_raw(wic.upgrade_bytes() + behind + b"".join(encode(TEXT, request.to_bytes()) for request in requests))
    try:
        wic.read_head(3)
    except WicRefused:
        pass
    nothing_of(f"behind a good handshake with {what} in the same breath", requests)
    wic.drop()

scene.part("T14: the victim's cookie opens the WebSocket and nothing else")
wic = scene.at(SHOP, "alice", "", **COOKIE)
for request in (wic.ua.register(), wic.ua.message(f"sip:carol@{DOMAIN}", "hi"), wic.ua.invite(f"sip:carol@{DOMAIN}")):
    scene.refused(f"{request.method} with a cookie and no token", wic, request, (401, 403))
scene.comes(1, lambda: scene.rpc("webrtc_ims.connections").count("bindings: 1"), "registered connections: alice's", 10)
scene.finish()
