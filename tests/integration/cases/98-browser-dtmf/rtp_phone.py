# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone in the core that is called once, counts the RTP that it gets, and sends it back.

    python3 rtp_phone.py ICSCF SCSCF USER DIGITS"""

import re
import socket
import sys
import threading
import time
from types import SimpleNamespace

from scene import CoreUa, host_port
from wic import WicTimeout

ANSWER_SECONDS = 30


class Rtp:
    """What comes to a port: audio is counted and sent back, events are kept."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.audio, self.event_type = 0, None
        self.digits, self.sources, self.strange, self.last = {}, set(), [], 0.0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            data, source = self.sock.recvfrom(2048)
            self.sources.add(source)
            self.last = time.monotonic()
            kind = data[1] & 0x7F if len(data) >= 12 and data[0] >> 6 == 2 else None
            if kind == 0:
                self.audio += 1
            elif kind == self.event_type and len(data) == 16:
                self._event(data)
            else:
                self.strange.append(data[:16].hex())
            self.sock.sendto(data, source)

    def _event(self, data):
        """RFC 4733 2.3: one event has one timestamp, its last packets the bit E."""
        if data[13] & 0x80:
            self.digits.setdefault(data[4:8], data[12])


def answer_to(offer, rtp):
    """PCMU and, as it was offered, telephone-event."""
    found = re.search(r"a=rtpmap:(\d+) telephone-event/8000", offer)
    rtp.event_type = int(found.group(1)) if found else None
    return "\r\n".join((
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
        f"m=audio {rtp.port} RTP/AVP 0 {rtp.event_type or ''}".rstrip(), "a=rtpmap:0 PCMU/8000",
        *((f"a=rtpmap:{rtp.event_type} telephone-event/8000", f"a=fmtp:{rtp.event_type} 0-15") if found else ()),
        "a=sendrecv", ""))


def offered_address(offer):
    """Where the offer's audio is."""
    return (re.search(r"c=IN IP4 (\S+)", offer).group(1), int(re.search(r"m=audio (\d+)", offer).group(1)))


def main(icscf, scscf, user, digits):
    """0 when every check passed."""
    phone = CoreUa(SimpleNamespace(own_host="127.0.0.1", icscf=host_port(icscf), scscf=host_port(scscf)), user)
    if phone.register().status != 200:
        return "not registered"
    print("registered")
    rtp, failed = Rtp(), 0
    invite = phone.expect("INVITE", ANSWER_SECONDS)
    offer = invite.body.decode()
    phone.reply(invite, 200, answer_to(offer, rtp))
    bye = phone.expect("BYE", ANSWER_SECONDS)
    phone.reply(bye, 200)
    ended = time.monotonic()
    try:
        phone.wait_for(lambda msg: not msg.is_response, 3)
    except WicTimeout:
        pass
    print(f"# audio {rtp.audio}, digits {list(rtp.digits.values())}, from {rtp.sources}")
    for good, what in ((rtp.audio >= 100, "100 packets of audio"),
                       (list(rtp.digits.values()) == [int(d) for d in digits], "digits"),
                       (rtp.sources == {offered_address(offer)}, f"one source, {offered_address(offer)}"),
                       (not rtp.strange, f"RTP and nothing else: {rtp.strange[:3]}"),
                       (rtp.last < ended + 2, "nothing arrives 2 s after BYE")):
        if not good:
            print(f"FAIL: {what}")
            failed += 1
    print(f"checks: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
