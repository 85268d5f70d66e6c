# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests of the core for somebody who is not there: reject.cfg answers them,
on one socket by the module, on the other by sl_send_reply() alone. Both get the
same bytes."""

import socket

from sides import cpu_us, processes

BURST = 20  # on their way at once
BURSTS = 40  # a sample
WANTED = {"rejected": b"SIP/2.0 480 ", "unknown": b"SIP/2.0 404 ", "stock": b"SIP/2.0 480 "}
PARTY = {"unknown": "sip:nobody-4711@ims.test"}


def request(party, me, there):
    """As an S-CSCF sends it, with a body of usual size."""
    sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + "a=filler:x\r\n" * 60
    return (
        f"INVITE sip:0123456789abcdef01234567@{there} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {me};branch=z9hG4bK1234567890abcdef.0\r\n"
        f"Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKabcdef1234567890.1\r\n"
        f"Route: <sip:range@{there};lr>\r\n"
        f"Record-Route: <sip:mt@{me};lr>\r\nRecord-Route: <sip:mo@192.0.2.9;lr>\r\n"
        f"Max-Forwards: 60\r\nFrom: <sip:caller@ims.test>;tag=bench\r\nTo: <{party}>\r\n"
        f"Call-ID: bench@192.0.2.9\r\nCSeq: 1 INVITE\r\nContact: <sip:caller@192.0.2.9>\r\n"
        f"P-Asserted-Identity: <sip:caller@ims.test>\r\nP-Called-Party-ID: <{party}>\r\n"
        f"P-Charging-Vector: icid-value=0123456789abcdef;orig-ioi=ims.test\r\n"
        f"Supported: timer, 100rel\r\nAllow: INVITE, ACK, CANCEL, BYE, UPDATE, PRACK\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}").encode()


class Rejects:
    """Two sockets of one server."""

    def __init__(self, server, stock_port):
        self.pids = processes(server.pids)
        self.ports = {"rejected": server.port, "unknown": server.port, "stock": stock_port}
        self.socks = {}
        for name, port in self.ports.items():
            self.socks[name] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socks[name].settimeout(5)
            self.socks[name].connect(("127.0.0.1", port))

    def _request(self, name):
        host, port = self.socks[name].getsockname()
        there = f"127.0.0.1:{self.ports['rejected']}"
        return request(PARTY.get(name, "sip:shop-4711@ims.test"), f"{host}:{port}", there)

    def sample(self, name):
        """CPU microseconds a rejection, of all processes of the server."""
        sock, packet = self.socks[name], self._request(name)
        cpu = cpu_us(self.pids)
        for _ in range(BURSTS):
            for _ in range(BURST):
                sock.send(packet)
            for _ in range(BURST):
                answer = sock.recv(65535)
                if not answer.startswith(WANTED[name]):
                    raise SystemExit(f"bench: {name} is answered {answer[:40]}")
        return (cpu_us(self.pids) - cpu) / (BURST * BURSTS)
