# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""route_policy "refuse"."""

from scene import Scene

scene = Scene()
alice, carol = scene.phone("alice"), scene.core_ua("carol")
right = alice.ua.service_routes
before = scene.seen("MESSAGE")

scene.part("Route is the Service-Route, or 400")
for what, routes in (("none", []), ("another", ["<sip:evil.test;lr>"]), ("one more", [*right, "<sip:evil.test;lr>"]),
                     ("one in front", ["<sip:evil.test;lr>", *right]),
                     ("this node alone", [f"<sip:127.0.0.1:{scene.wss};transport=ws;lr>"]),
                     ("this node behind", [*right, f"<sip:127.0.0.1:{scene.wss};transport=ws;lr>"]),
                     ("this node twice", [f"<sip:127.0.0.1:{scene.wss};transport=ws;lr>"] * 2 + right),
                     ("other parameters", [right[0].replace(";lr", ";lr;x=1")])):
    got = scene.status(alice, alice.ua.request("MESSAGE", carol.impu, routes=routes), 400, f"Route: {what}")
    scene.eq(got.reason, "Route Is Not Service-Route", f"reason phrase, Route: {what}")
scene.eq(scene.seen("MESSAGE"), before, "MESSAGEs that the core saw")
scene.quiet((carol,), "refused")
for own in ([], [f"<sip:127.0.0.1:{scene.wss};transport=wss;lr>"], ["<sips:edge.example;transport=ws;lr>"],
            [f"<sip:127.0.0.1:{scene.wss};lr>"]):
    request = alice.ua.request("MESSAGE", carol.impu, routes=[*own, *right])
    alice.send_sip(request)
    got = carol.expect("MESSAGE")
    scene.eq([line for line in got.all("Route") if "edge.example" in line or str(scene.wss) in line], [],
             f"this node in a Route of the core, {own}")
    carol.reply(got, 200)
    scene.eq(alice.final(request).status, 200, f"Route is the Service-Route, in front of it {own}")
scene.done()
