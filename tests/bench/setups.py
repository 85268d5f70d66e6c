# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls set up over WSS, one behind the other, towards a core that is a process
here: INVITE, 180, 200, ACK. By the eP-CSCF, and by relay.cfg, which is told
nothing and decides nothing. The BYE that ends each is not measured."""

import time

from sides import Sides, cpu_us, registered
from wic import Dialog, Mw

CALLS = 6  # over each, in a sample
CALLEE = "sip:carol@ims.test"
# Of a browser: 2 KB.
SDP = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=msid-semantic: WMS x\r\n" \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\n" \
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\na=setup:actpass\r\n" \
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\n" + \
    "".join(f"a=candidate:{n} 1 udp 2122260223 192.0.2.{n} 50000 typ host generation 0\r\n" for n in range(1, 21))


def core(port):
    """Says 200 to all, and rings before it does to INVITE."""
    with Mw(port=port, timeout=600) as mw:
        own = ("Contact", f"<sip:carol@{mw.addr[0]}:{mw.addr[1]}>")
        while True:
            request = mw.recv_sip()
            if request.method == "REGISTER":
                registered(mw, request)
            elif request.method == "INVITE":
                mw.answer(request, 180, headers=[own], to_tag="core")
                mw.answer(request, 200, headers=[own, ("Content-Type", "application/sdp")], body=SDP, to_tag="core")
            elif request.method != "ACK":
                mw.answer(request, 200)


class Setups(Sides):
    """Calls by both sides; at the eP-CSCF, which is "calls", WICs are registered."""

    def __init__(self, servers, tokens, core_port):
        super().__init__(servers, tokens, core, core_port)

    def client(self, name, i):
        wic, ua = super().client(name, i)
        if name == "calls":
            answer = wic.ask(ua.register())
            if answer.status != 200:
                raise SystemExit(f"bench: REGISTER for calls is answered {answer.status}")
            ua.registered(answer)
        return wic, ua

    @staticmethod
    def _set_up(wic, ua):
        """(the dialog, microseconds from INVITE to 200)"""
        invite = ua.invite(CALLEE, sdp=SDP)
        start = time.monotonic()
        wic.send_sip(invite)
        answer = wic.final(invite)
        took = (time.monotonic() - start) * 1_000_000
        if answer.status != 200:
            raise SystemExit(f"bench: INVITE is answered {answer.status}")
        dialog = Dialog.of_caller(answer)
        wic.send_sip(ua.ack(dialog))
        return dialog, took

    def sample(self, name):
        """(CPU microseconds a call, 99th percentile of the microseconds from INVITE to 200)"""
        calls, times = [], []
        cpu = cpu_us(self.pids[name])
        for _ in range(CALLS):
            for wic, ua in self.clients[name]:
                dialog, took = self._set_up(wic, ua)
                calls.append((wic, ua, dialog))
                times.append(took)
        used = cpu_us(self.pids[name]) - cpu
        for wic, ua, dialog in calls:
            if wic.ask(ua.bye(dialog)).status != 200:
                raise SystemExit(f"bench: BYE of {name} is refused")
        times.sort()
        return used / len(calls), times[len(times) * 99 // 100]
