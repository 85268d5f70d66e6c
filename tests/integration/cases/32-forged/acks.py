# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An ACK that goes elsewhere than its call, where tm knows of which INVITE it is."""

from scene import Scene, Sink
from wic import Dialog

scene = Scene()
sink = Sink()
alice, carol = scene.phone("alice"), scene.core_ua("carol")
for caller, callee in ((alice, carol), (carol, alice)):
    scene.part(f"{caller.user} calls {callee.user}")
    invite = caller.call(caller.ua.invite(callee.impu))
    callee.reply(callee.expect("INVITE"), 200)
    dialog = Dialog.of_caller(caller.final(invite))
    forged = caller.ua.ack(dialog).remove("Route")
    forged.start = f"ACK sip:x@{sink.addr[0]}:{sink.port} SIP/2.0"
    found = scene.count_log("ACC: request acknowledged")
    caller.send_sip(forged, *([scene.mw] if caller is carol else []))
    scene.quiet((callee,), "an ACK for somewhere else")
    scene.eq(sink.hits(), [], "what came there")
    caller.send_in_dialog(caller.ua.ack(dialog))
    callee.expect("ACK")
    scene.comes(found + 1, lambda: scene.count_log("ACC: request acknowledged"), "ACKs that acc has seen")
    scene.bye(caller, callee, dialog)
scene.done()
