# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core that keeps the bytes of every request and answers it, and a second
opinion on those bytes."""

import socket
import threading

from scene import host_port
from wic import SipError, SipMessage, address_uri, response

ANSWERS = {"REGISTER": 200, "INVITE": 603, "MESSAGE": 202}


class FakeCore:
    """Answers from a thread; got: {(Call-ID, CSeq, method): bytes}."""

    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", port))
        self.uri = f"sip:127.0.0.1:{port}"
        self.got, self.finals, self.strange = {}, {}, []
        self.contact = self.path = None  # of the last WIC that registered
        self.accept = False  # INVITEs are answered with 200
        self.silent = False  # INVITEs wait for answer()
        self.waiting = None
        self.mute = False  # nothing is answered
        self.challenge = None  # REGISTERs without Authorization get 401 with this
        self.listed = {}  # To -> P-Associated-URI, where it is another one
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            data, source = self.sock.recvfrom(65535)
            if not data.strip(b"\r\n\0"):
                continue
            try:
                msg = SipMessage.parse(data)
                self._take(msg, data, source)
            except (SipError, ValueError) as why:
                self.strange.append((why, data))

    def _take(self, msg, data, source):
        if msg.is_response:
            if msg.status >= 200:
                self.finals.setdefault(msg.call_id, data)
            return
        self.got[(msg.call_id, *msg.cseq)] = data
        if msg.method == "ACK" or self.mute:
            return
        if msg.method == "INVITE" and self.silent:
            self.waiting = msg, source
            return
        more, status = [], ANSWERS.get(msg.method, 200)
        if msg.method == "REGISTER" and self.challenge and not msg.get("Authorization"):
            status, more = 401, [("WWW-Authenticate", self.challenge)]
        elif msg.method == "REGISTER":
            if msg.get("Expires") != "0":
                self.path, self.contact = msg.get("Path"), address_uri(msg.get("Contact"))
            more = [("Contact", msg.get("Contact") + ";expires=600"), ("Service-Route", f"<{self.uri};lr>"),
                    ("P-Associated-URI", self.listed.get(address_uri(msg.get("To")), msg.get("To").partition(";")[0]))]
        elif msg.method == "INVITE" and self.accept:
            status, more = 200, [("Contact", f"<{self.uri}>")]
        elif msg.tag("To") and msg.method == "INVITE":
            status = 488
        self.sock.sendto(response(msg, status, headers=more).to_bytes(), source)

    def answer(self, status):
        """To the INVITE that waits."""
        msg, source = self.waiting
        self.sock.sendto(response(msg, status).to_bytes(), source)

    def came(self, method):
        """The last request of that method; None: none came."""
        raws = [raw for (_, _, kind), raw in self.got.items() if kind == method]
        return SipMessage.parse(raws[-1]) if raws else None

    def send(self, msg, to):
        """A request of the core."""
        self.sock.sendto(msg.to_bytes(), to)


def kamailio_reads(data, probe, sock):
    """(Believed, [(name, body)]) of these bytes, by Kamailio's parser; None
    when it takes them for nothing."""
    sock.sendto(data, host_port(probe))
    try:
        answer = SipMessage.parse(sock.recv(65535))
    except socket.timeout:
        return None
    pairs = [line.split(" ") for line in answer.all("Seen")]
    return answer.get("Believed"), [tuple(bytes.fromhex(part).decode("latin-1") for part in (pair + [""])[:2])
                                    for pair in pairs]
