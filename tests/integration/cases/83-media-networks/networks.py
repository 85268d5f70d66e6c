# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An interface of rtpengine for either side."""

import sdp
from mediascene import MediaScene

WIC, CORE = "::1", "127.0.0.1"

scene = MediaScene()
alice = scene.phone("alice")
carol = scene.core_ua("carol")


def at(msg, side, what):
    """Every address in the SDP is rtpengine's for that side."""
    lines = sdp.text_of(msg.body).split("\r\n")
    seen = {line.split()[-1] for line in lines if line.startswith(("c=", "o="))}
    seen |= {line.split()[4] for line in lines if line.startswith("a=candidate:")}
    seen |= {line.split()[-1] for line in lines if line.startswith("a=rtcp:") and " " in line}
    scene.eq(seen, {side}, f"addresses in {what}")


def browser(**odd):
    """A WIC at ::1."""
    return sdp.browser(**odd).replace("IP4 127.0.0.1", "IP6 ::1").replace(" 127.0.0.1 ", " ::1 ")


scene.part("WIC to core, hold and back")
a, c, got, final = scene.set_up(alice, carol, browser(audio="111"), sdp.phone())
scene.for_core(got, "offer", 1)
at(got, CORE, "the offer for the core")
scene.for_wic(final, "answer")
at(final, WIC, "the answer for the WIC")
for version, (way, back) in enumerate((("sendonly", "recvonly"), ("sendrecv", "sendrecv")), 2):
    got, final = scene.within(alice, carol, a, "INVITE", browser(audio="111", way=way, version=version),
                              sdp.phone(way=back, version=version))
    at(got, CORE, f"re-INVITE {way}")
    at(final, WIC, f"answer to {way}")
    scene.eq((sdp.way_of(got.body), sdp.way_of(final.body)), (way, back), "hold")
scene.bye(carol, alice, c)

scene.part("core to WIC, no codec in common")
c, a, got, final = scene.set_up(carol, alice, sdp.phone(audio="8"), browser(setup="active", audio="111"))
scene.for_wic(got, "offer")
at(got, WIC, "the offer for the WIC")
scene.ok({"opus", "PCMU", "PCMA"} <= sdp.codecs_of(got.body), "codecs for the WIC", got.body)
scene.for_core(final, "answer", 1)
at(final, CORE, "the answer for the core")
scene.eq(sdp.codecs_of(final.body), {"PCMA"}, "codecs for the core")
scene.bye(alice, carol, a)
scene.sessions_are(0, "at the end")
scene.done()
