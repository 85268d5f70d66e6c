# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls with a media relay, for cases that have one."""

import os
import subprocess

import sdp
from dialogs import set_up
from scene import Scene


class MediaScene(Scene):
    """A scene with an rtpengine."""

    def relay(self, word):
        """rtpengine.sh of this case."""
        return subprocess.run([f"{self.top}/tests/lab/rtpengine.sh", os.environ["RTPENGINE_DIR"], word],
                              check=True, capture_output=True, text=True).stdout.strip()

    def sessions(self):
        """How many it has."""
        return int(self.relay("sessions"))

    def sessions_are(self, count, what, seconds=2):
        """So many, here and there, before long."""
        self.comes(count, self.sessions, f"sessions at rtpengine {what}", seconds)
        self.comes(count, lambda: self.counter("media_sessions"), f"media_sessions {what}", seconds)

    def for_core(self, msg, what, media=None):
        """SDP as the core may see it."""
        self.eq(sdp.webrtc_in(msg.body), [], f"WebRTC in SDP for the core, {what}")
        lines = sdp.media_lines(msg.body)
        self.ok(lines and all(" RTP/AVP " in line or " 0 " in line for line in lines), f"RTP/AVP, {what}", lines)
        if media is not None:
            self.eq(len(lines), media, f"media descriptions, {what}")
        return lines

    def for_wic(self, msg, what):
        """SDP as a browser takes it."""
        self.eq(sdp.webrtc_missing(msg.body), [], f"missing in SDP for a WIC, {what}")

    def invite(self, caller, callee, offer):
        """INVITE as it is sent; offer: "" for none."""
        return caller.call(self._made(caller, callee, offer))

    @staticmethod
    def _made(caller, callee, offer):
        request = caller.ua.invite(callee.impu, offer)
        if not offer:
            request.remove("Content-Type")
        return request

    def set_up(self, caller, callee, offer, answer):
        """As calls.set_up, with SDP."""
        return set_up(caller, callee, self._made(caller, callee, offer), sdp=answer)

    def within(self, party, peer, dialog, method, body, answer):
        """A request with SDP inside a dialog, and its 200. Both as they came."""
        request = party.ua.in_dialog(dialog, method, [("Contact", party.ua.contact),
                                                      ("Content-Type", "application/sdp")], body)
        party.send_in_dialog(request)
        got = peer.expect(method)
        peer.reply(got, 200, answer)
        final = party.final(request)
        self.eq(final.status, 200, f"{method} of {party.user}")
        if method == "INVITE":
            party.send_in_dialog(party.ua.ack(dialog))
            peer.expect("ACK")
        return got, final
