# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""MW_ADDRESS is a name that the eP-CSCF does not listen on: what the core sends to it is its own."""

import dialogs
from scene import Scene

scene = Scene()
alice, carol = scene.phone("alice"), scene.core_ua("carol")

for caller, callee in ((alice, carol), (carol, alice)):
    scene.part(f"{caller.user} calls")
    mine, theirs, got, final = dialogs.set_up(caller, callee)
    met = got if callee is carol else final
    scene.ok(f"@localhost:{scene.mw[1]}" in "".join(met.all("Record-Route")), "the name is in Record-Route",
             met.all("Record-Route"))
    for party, peer, dialog, method in ((caller, callee, mine, "INFO"), (callee, caller, theirs, "BYE")):
        request = party.send_in_dialog(party.ua.in_dialog(dialog, method))
        peer.reply(peer.expect(method), 200)
        scene.eq(party.final(request).status, 200, f"{method} of {party.user}")
scene.quiet((alice, carol), "at the end")
scene.done()
