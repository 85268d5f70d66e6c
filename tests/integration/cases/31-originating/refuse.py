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
                     ("other parameters", [right[0].replace(";lr", ";lr;x=1")])):
    got = scene.status(alice, alice.ua.request("MESSAGE", carol.impu, routes=routes), 400, f"Route: {what}")
    scene.eq(got.reason, "Route Is Not Service-Route", f"reason phrase, Route: {what}")
scene.eq(scene.seen("MESSAGE"), before, "MESSAGEs that the core saw")
scene.quiet((carol,), "refused")
request = alice.ua.request("MESSAGE", carol.impu, routes=right)
alice.send_sip(request)
carol.reply(carol.expect("MESSAGE"), 200)
scene.eq(alice.final(request).status, 200, "Route is the Service-Route")
scene.done()
