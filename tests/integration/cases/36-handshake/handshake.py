# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Handshakes that must not succeed, and ways around the handshake."""

import socket

from scene import DOMAIN, Phone, Scene
from wic import Mw, Ua, Wic, WicClosed, WicRefused, WicTimeout, upgrade_request

scene = Scene()
GOOD = scene.origin
HOST = GOOD.partition("://")[2]

BAD_ORIGINS = [
    None, "", "null", "*", "https://*", HOST, f"//{HOST}", f"https:{HOST}", f"https:/{HOST}", f"https:///{HOST}",
    f"http://{HOST}", f"wss://{HOST}", f"ftp://{HOST}", f"httpss://{HOST}", f"xhttps://{HOST}", "file://",
    "chrome-extension://abcdefgh", "data:", f"{GOOD}:444", f"{GOOD}:8443", f"{GOOD}:0", f"{GOOD}:", f"{GOOD}:0443x",
    f"{GOOD}:443443", f"{GOOD}.evil.example", f"{GOOD}evil.example", f"{GOOD}..", f"{GOOD}/", f"{GOOD}/x", f"{GOOD}?x",
    f"{GOOD}#x", GOOD[:-1], f"https://evil{HOST}", f"https://sub.{HOST}", f"https://user@{HOST}",
    f"https://user:pw@{HOST}", f"{GOOD}@evil.example", f"{GOOD}:443@evil.example", f"{GOOD}\\@evil.example",
    f"https://evil.example/{GOOD}", f"https://evil.example?{GOOD}", f"https://evil.example#{GOOD}",
    f"{GOOD} https://evil.example", f"https://evil.example {GOOD}", f"{GOOD}, https://evil.example",
    f"https://evil.example,{GOOD}", f"{GOOD}%00", f"{GOOD}\x00.evil.example", f"{GOOD}\x7f",
    f"https://{HOST.replace('.', '%2e')}", f"https://{HOST.replace('.', chr(0x3002))}", f'"{GOOD}"', f"<{GOOD}>",
    "https://127.0.0.1", "https://localhost", "https://evil.example", f"{GOOD}{'x' * 5000}", "x" * 9000,
    [GOOD, "https://evil.example"], ["https://evil.example", GOOD], [GOOD, GOOD],
]
# docs/provisioning.md: case, a final dot and the default port make no difference.
GOOD_ORIGINS = [GOOD, GOOD.upper(), f"{GOOD}:443", f"{GOOD}.", f"  {GOOD}  "]


def refused(what, want, request=None, **odd):
    """The handshake gets such a status (None: any 4xx, or no answer), and the
    connection ends."""
    wic = Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost", **{"origin": GOOD, **odd})
    try:
        wic.tcp().tls()
        wic.upgrade(request)
        scene.ok(False, f"refused: {what}", "101")
    except WicRefused as why:
        right = why.status in want if want else why.status == 0 or 400 <= why.status < 500
        scene.ok(right, f"answer to {what}", f"{why.status}, expected {want}")
        ended = wic.wait_tcp_end(3)
        scene.ok(ended is not None, f"the connection ends after {what}")
    wic.drop()


def get(**changes):
    """Bytes of a good GET in which lines are replaced (or, by None, left out)."""
    lines = upgrade_request(f"localhost:{scene.wss}", origin=GOOD).decode().split("\r\n")
    for name, value in changes.items():
        key = name.replace("_", "-").lower() + ":"
        at = next(i for i, line in enumerate(lines) if line.lower().startswith(key) or name == "first" and i == 0)
        lines[at:at + 1] = [] if value is None else [value if name == "first" else f"{key} {value}"]
    return "\r\n".join(lines).encode("latin-1")


scene.part(f"{len(BAD_ORIGINS)} Origins that are nobody's")
for origin in BAD_ORIGINS:
    bytes_only = origin if isinstance(origin, (list, type(None))) else origin.encode().decode("latin-1")
    refused(f"Origin {str(origin)[:60]!r}", (403,), upgrade_request(
        f"localhost:{scene.wss}", origin=bytes_only, headers=[("Cookie", "session=of-the-victim")]))
scene.eq(scene.stats()["connections"], 0, "connections in the flow table")
for origin in GOOD_ORIGINS:
    wic = Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost", origin=origin).connect()
    scene.ok(wic.ping() < 2, f"Origin {origin!r} opens a WebSocket")
    wic.close()
for protocol in ("sip, soap", "soap, sip", "soap,sip,wamp"):
    wic = Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost", origin=GOOD).tcp().tls()
    wic.link.send(upgrade_request("localhost", origin=GOOD, subprotocol=protocol))
    head = wic.read_head()
    scene.ok(head.startswith(b"HTTP/1.1 101") and b"Protocol: sip\r\n" in head + b"\r\n", f"sip is chosen of {protocol}", head)
    wic.drop()

scene.part("sub-protocol, version, method, key")
for protocol in (None, "", "msrp", "xmpp", "sipx", "xsip", "soap, wamp"):
    refused(f"sub-protocol {protocol!r}", None, subprotocol=protocol)
for what, request in (
        ("version 8", get(Sec_WebSocket_Version="8")), ("version 14", get(Sec_WebSocket_Version="14")),
        ("no version", get(Sec_WebSocket_Version=None)), ("no key", get(Sec_WebSocket_Key=None)),
        ("no Upgrade", get(Upgrade=None)), ("another Upgrade", get(Upgrade="h2c")),
        ("Upgrade that begins so", get(Upgrade="websocketx")), ("no Connection", get(Connection=None)),
        ("Connection: close", get(Connection="close")),
        *((method, get(first=f"{method} / HTTP/1.1")) for method in ("POST", "HEAD", "PUT", "OPTIONS", "get")),
        ("a path outside", get(first="GET /../../etc/passwd HTTP/1.1", Upgrade=None)),
        ("another site", get(first="GET http://evil.example/ HTTP/1.1", Upgrade=None)),
        ("CONNECT", get(first="CONNECT evil.example:443 HTTP/1.1"))):
    refused(what, None, request)
scene.comes(0, lambda: scene.stats()["connections"], "connections in the flow table")

scene.part("SIP without a WebSocket")
ua = Ua(f"sip:alice@{DOMAIN}", token=scene.token("alice"), transport="TLS")
for method in ("REGISTER", "OPTIONS", "INVITE", "MESSAGE"):
    request = ua.register() if method == "REGISTER" else ua.request(method, f"sip:bob@{DOMAIN}")
    wic = Wic("127.0.0.1", scene.wss, ca=scene.ca, name="localhost").tcp().tls()
    wic.send_raw(request.to_bytes())
    answer = wic.recv_raw_sip()
    scene.ok(answer.startswith(b"SIP/2.0 403 "), f"{method} inside TLS gets 403", answer[:80])
    scene.ok(wic.wait_tcp_end(3) is not None, f"the connection ends after {method}")
    wic.drop()

scene.part("without TLS")
for what, data in (("a WebSocket", upgrade_request("localhost", origin=GOOD)), ("SIP", ua.register().to_bytes())):
    with socket.create_connection(("127.0.0.1", scene.wss), 5) as sock:
        sock.sendall(data)
        sock.settimeout(3)
        try:
            got = sock.recv(100)
        except ConnectionResetError:
            got = b""
        scene.ok(b"HTTP" not in got and b"SIP" not in got, f"{what} on the WSS port without TLS", got)
with socket.create_connection(scene.mw, 5) as sock:
    sock.sendall(upgrade_request("localhost", origin=GOOD))
    sock.settimeout(1)
    try:
        got = sock.recv(1000)
    except TimeoutError:
        got = b""
    scene.eq(got, b"", "answer to a plain WebSocket on the Mw port")
for proto in ("udp", "tcp"):
    with Mw(proto=proto, peer=scene.mw) as plain:
        own = Ua(f"sip:alice@{DOMAIN}", token=scene.token("alice"), transport=proto.upper(),
                 via_host=f"{plain.addr[0]}:{plain.addr[1]}")
        for request in (own.register(), own.invite(f"sip:bob@{DOMAIN}"), own.message(f"sip:bob@{DOMAIN}", "hi")):
            scene.status(plain, request, 403, f"{request.method} of a WIC by {proto} on Mw")
            if request.method == "INVITE":
                plain.send_sip(own.request("ACK", request.uri, call_id=request.call_id))
scene.comes(0, lambda: scene.stats()["connections"], "connections in the flow table")

scene.part("a good one after all that")
alice = Phone(scene, "alice").connect()
alice.ua.token = scene.token("alice")
try:
    scene.eq(alice.ask(alice.ua.message(f"sip:bob@{DOMAIN}", "hi")).status, 403, "MESSAGE of one who is not registered")
except (WicClosed, WicTimeout) as why:
    scene.ok(False, "an answer to one who is not registered", repr(why))
scene.done()
