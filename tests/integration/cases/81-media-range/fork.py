# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone calls an IMPU of a range, which two WICs have."""

import sdp
from forking import Fork
from mediascene import MediaScene
from wic import Dialog


class Scene(Fork, MediaScene):
    """Both."""


scene = Scene()
carol = scene.core_ua("carol")
one, two = scene.wic("range1-bob"), scene.wic("range1-bob")

scene.part("two ring, one answers")
request = scene.invite(carol, one, sdp.phone())
at_one, at_two = one.expect("INVITE"), two.expect("INVITE")
for phone, got in ((one, at_one), (two, at_two)):
    scene.for_wic(got, "the offer of a branch")
    phone.reply(got, 180)
scene.ok(sdp.of_transport(at_one.body) != sdp.of_transport(at_two.body), "each has a port and keys of its own")
scene.sessions_are(2, "while two ring")
two.reply(at_two, 200, sdp.browser(setup="active"))
final = carol.final(request)
scene.for_core(final, "the answer", 1)
side = Dialog.of_caller(final)
scene.cancelled(one, at_one, "who did not answer")
carol.send_in_dialog(carol.ua.ack(side))
two.expect("ACK")
scene.sessions_are(1, "when the lost branch is gone", 8)
got, final = scene.within(carol, two, side, "INVITE", sdp.phone(way="sendonly", version=2),
                          sdp.browser(way="recvonly", setup="active", version=2))
scene.for_wic(got, "re-INVITE")
scene.for_core(final, "its answer")
scene.bye(carol, two, side)
scene.sessions_are(0, "after BYE")

scene.part("all decline")
request = scene.invite(carol, one, sdp.phone())
for phone in (one, two):
    phone.reply(phone.expect("INVITE"), 486)
    phone.expect("ACK")
final = carol.final(request)
scene.eq(final.status, 486, "busy")
carol.send_hop(carol.ua.ack_failure(request, final))
scene.sessions_are(0, "after 486")

scene.part("rtpengine does not answer")
scene.relay("freeze")
request = scene.invite(carol, one, sdp.phone())
# A proxy makes 500 of a 503 that is not its own (RFC 3261 16.7).
scene.eq(carol.final(request).status, 500, "INVITE")
scene.eq(scene.count_log("INVITE refused: media_unavailable"), 1, "INVITEs refused for that")
scene.relay("thaw")
# Its threads may take the end before the offer, which it has had all the time.
scene.comes(1, scene.sessions, "sessions: what it reads too late")
scene.rpc("rtpengine.enable", "all", "1")
scene.comes(0, scene.sessions, "sessions, when it is told of the end", 10)
scene.quiet((one, two), "of it")
scene.leave(one, two)
scene.done()
