# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Open relay probe: Request-URIs of a registered WIC that would lead somewhere
if anybody took them for an address. A fresh WIC, so that the Service-Route of
the 200 is all it has; every request goes to the S-CSCF or is refused here."""

from scene import Scene, Sink
from wic import WicClosed, WicTimeout

scene = Scene()
wic, victim = scene.phone("wic2"), scene.phone("wic3")
sink, outside = Sink(), Sink("127.0.0.2")
AT, FAR = f"127.0.0.1:{sink.port}", f"127.0.0.2:{outside.port}"
OWN, WSS = f"127.0.0.1:{scene.mw[1]}", f"127.0.0.1:{scene.wss}"
ICSCF, SCSCF = (f"{host}:{port}" for host, port in (scene.icscf, scene.scscf))
path = scene.core("registered", victim.impu).split()
TOKEN = path[-1].partition("sip:")[2].partition("@")[0]

URIS = [
    f"sip:{AT}", f"sip:x@{AT}", f"sip:x@{AT};transport=udp", f"sip:x@{AT};transport=tcp",
    f"sip:x@{AT};transport=tls", f"sip:x@{AT};transport=ws", f"sip:x@{AT};lr", f"sip:x@{AT};ob",
    f"sips:x@{AT}", f"SIP:x@{AT}", f"sip:x@{FAR}", f"sip:x@{FAR};transport=tcp",
    f"sip:x@ims.test;maddr=127.0.0.1;port={sink.port}", f"sip:x@ims.test:{sink.port}",
    f"sip:x@ims.test:{sink.port};maddr=127.0.0.1", f"sip:x@127.0.0.1;maddr={AT}",
    f"sip:x@y.invalid;alias=127.0.0.1~{sink.port}~1", f"sip:x@y.invalid;alias=127.0.0.1~{sink.port}~2",
    f"sip:x@{OWN};alias=127.0.0.1~{sink.port}~1", f"sip:x@y.invalid;received=sip:{AT}",
    f"sip:x@y.invalid;received=127.0.0.1;rport={sink.port}", f"sip:x%40{AT}@ims.test",
    f"sip:x@localhost:{sink.port}", f"sip:x@LOCALHOST.:{sink.port}", f"sip:x@[::1]:{sink.port}",
    f"sip:x@[::ffff:127.0.0.1]:{sink.port}", f"sip:x@2130706433:{sink.port}",
    f"sip:x@0x7f000001:{sink.port}", f"sip:x@0177.0.0.1:{sink.port}", f"sip:x@127.1:{sink.port}",
    f"sip:x@0.0.0.0:{sink.port}", f"sip:x@ims.test@{AT}", f"sip:x:y@{AT}", f"sip:x;y@{AT}",
    f"sip:x@{AT}?Route=%3Csip%3A{AT}%3E", f"sip:x@ims.test?Route=%3Csip%3A{AT}%3Blr%3E",
    f"sip:{ICSCF}", f"sip:wic3@{ICSCF}", f"sip:{SCSCF}", f"sip:orig@{SCSCF};lr", f"sip:wic3@{SCSCF}",
    f"sip:{OWN}", f"sip:{TOKEN}@{OWN};lr", f"sip:{path[0].partition('@')[0][4:]}@{OWN}",
    f"sip:wic3@{WSS}", victim.ua.contact.strip("<>"), "sip:10.0.0.1", "sip:x@10.0.0.1;lr",
    "tel:+15550002", "tel:911", "urn:service:sos", f"im:x@{AT}", f"http://{AT}/", f"//{AT}", "*", "sip:",
    "sip:@", "sip:x@", f"sip:x@{AT};" + ";".join(f"p{i}" for i in range(40)), "sip:" + "x" * 600 + f"@{AT}",
]
EMERGENCIES = ("tel:911", "urn:service:sos")


def try_one(uri, method):
    """The status of the answer; None when there was none."""
    global wic
    request = wic.ua.request(method, uri, to="<sip:x@ims.test>", body=b"hi",
                             headers=[("Contact", wic.ua.contact), ("Content-Type", "text/plain")])
    try:
        answer = wic.ask(request, 8)
    except WicTimeout:
        return None
    except WicClosed:
        wic = scene.phone("wic2")
        return -1
    if method == "INVITE":
        wic.send_sip(wic.ua.ack_failure(request, answer))
    return answer.status


scene.part(f"{len(URIS)} Request-URIs")
relayed = {"MESSAGE": 0, "INVITE": 0}
for number, uri in enumerate(URIS):
    for method in ("MESSAGE", "INVITE") if number % 5 == 0 else ("MESSAGE",):
        before = scene.seen(method)
        status = try_one(uri, method)
        # Where there is no E-CSCF an emergency is served elsewhere.
        allowed = (380,) if uri in EMERGENCIES else (-1, *range(400, 500), 604)
        scene.ok(status in allowed, f"{method} {uri} is refused", status)
        seen = scene.seen(method) - before
        relayed[method] += seen
        scene.eq(sink.hits() + outside.hits(), [], f"packets at the sinks after {method} {uri}")
scene.quiet((victim,), "all of it", 0.1)
scene.ok(relayed["MESSAGE"] > 20 and relayed["INVITE"] > 4, "the counter-check: many were for the S-CSCF to refuse",
         relayed)
scene.done()
