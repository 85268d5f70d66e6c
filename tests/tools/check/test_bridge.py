# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""wssbridge (built with sanitizers) between TCP, SIPp and the stand-in."""

import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from wic import Dialog, SipMessage, frames
from wic.sip import cut_stream
from scripted_server import ScriptedServer
from standin_env import CA, WSS_PORT, mw_peer, user, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
CALLEE = os.path.join(HERE, "wic_callee.xml")
OPTIONS = b"OPTIONS sip:x SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n"
CUT = "  <!-- cut here for -oocsf -->\n"


class Bridge:
    """A running wssbridge."""

    def __init__(self, work, *options, ca=CA, port=WSS_PORT):
        self.events_file = os.path.join(work, "events")
        ready = os.path.join(work, "ready")
        self.proc = subprocess.Popen(
            [os.environ["BRIDGE"], "--listen", "127.0.0.1:0", "--connect", f"wss://127.0.0.1:{port}/",
             "--host", "localhost", "--ca", ca, "--events", self.events_file, "--ready-file", ready,
             *options], stdout=subprocess.DEVNULL)
        assert wait_until(lambda: os.path.exists(ready) and os.path.getsize(ready), 10)
        with open(ready, encoding="ascii") as src:
            self.port = int(src.read().rpartition(":")[2])

    def events(self, kind):
        """Events of one kind so far, each a dict."""
        with open(self.events_file, encoding="ascii") as src:
            lines = [dict(w.split("=", 1) for w in shlex.split(line)) for line in src]
        return [e for e in lines if e["event"] == kind]

    def wait_event(self, kind):
        """The first event of that kind."""
        return (wait_until(lambda: self.events(kind)) or [None])[0]

    def stop(self):
        """SIGTERM; exit status (a leak found by ASan makes it non-zero)."""
        self.proc.send_signal(signal.SIGTERM)
        return self.proc.wait(10)


class Tcp:
    """One TCP connection to the bridge."""

    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), 5)
        self.buf = bytearray()

    def ask(self, data):
        """Send, return the next message."""
        self.sock.sendall(data)
        return self.message()

    def message(self):
        """The next message, keep-alives left out; None at the end."""
        while not (data := cut_stream(self.buf)):
            part = self.sock.recv(65536)
            if not part:
                return None
            self.buf += part
        return SipMessage.parse(data)


class BridgeCase(unittest.TestCase):
    """Starts a bridge with OPTIONS for each test; it must end with 0."""

    OPTIONS = ()

    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.bridge = Bridge(self.work.name, *self.OPTIONS)

    def tearDown(self):
        self.assertEqual(self.bridge.stop(), 0)

    def tcp(self):
        """A connection, closed after the test."""
        tcp = Tcp(self.bridge.port)
        self.addCleanup(tcp.sock.close)
        return tcp


class Carrying(BridgeCase):
    """Framing in both directions."""

    def test_parts_and_several_at_once(self):
        tcp, ua = self.tcp(), user()
        data = ua.register().to_bytes()
        for byte in range(len(data) - 1):
            tcp.sock.sendall(data[byte : byte + 1])
        self.assertEqual(tcp.ask(data[-1:]).status, 200)
        first, second = ua.register(), ua.register()
        tcp.sock.sendall(first.to_bytes() + b"\r\n" + second.to_bytes())
        self.assertEqual([tcp.message().cseq[0] for _ in range(2)], [first.cseq[0], second.cseq[0]])

    def test_compact_length_and_body(self):
        tcp, ua = self.tcp(), user()
        tcp.ask(ua.register().to_bytes())
        for size in (1, 4096, 60000):
            msg = ua.message(ua.impu, "x" * size).add("l", size)
            got = tcp.ask(msg.to_bytes())
            while got.method != "MESSAGE" or got.is_response:
                got = tcp.message()
            self.assertEqual(len(got.body), size)
            tcp.sock.sendall(ua.answer(got).to_bytes())

    def test_keep_alive(self):
        tcp = self.tcp()
        tcp.sock.sendall(b"\r\n\r\n")
        self.assertEqual(tcp.sock.recv(10), b"\r\n")
        self.assertEqual(tcp.ask(user().register().to_bytes()).status, 200)

    def test_stop_with_live_connections(self):
        for _ in range(3):
            self.assertEqual(self.tcp().ask(user().register().to_bytes()).status, 200)


class Ending(BridgeCase):
    """The end of each side is passed on and told."""

    def closed(self):
        """by and code of the closed event."""
        event = self.bridge.wait_event("closed")
        return event["by"], event["code"], event["reason"]

    def test_by_the_server(self):
        tcp = self.tcp()
        self.assertEqual(tcp.ask(user().register(token="bad").to_bytes()).status, 401)
        self.assertIsNone(tcp.message())
        self.assertEqual(self.closed(), ("ws", "4401", "bad token"))

    def test_by_tcp(self):
        tcp = self.tcp()
        tcp.ask(user().register().to_bytes())
        tcp.sock.close()
        self.assertEqual(self.closed(), ("tcp", "1000", ""))

    def test_by_garbage(self):
        for bad in (b"x" * 66000, b"A b SIP/2.0\r\nContent-Length: 1x\r\n\r\n",
                    b"A b SIP/2.0\r\nl: 70000\r\n\r\n", b"A b SIP/2.0\r\nl: 65530\r\n\r\n"):
            tcp = self.tcp()
            tcp.sock.sendall(bad)
            self.assertIsNone(tcp.message())
        self.assertEqual(self.closed()[:2], ("bridge", "1002"))
        self.assertTrue(wait_until(lambda: len(self.bridge.events("closed")) == 4))


class OddServer(unittest.TestCase):
    """What a server may send that the stand-in never does."""

    def run_script(self, script):
        """(what script returned in the server, what TCP got, closed event)"""
        with tempfile.TemporaryDirectory() as work, ScriptedServer(script) as server:
            bridge = Bridge(work, port=server.port)
            try:
                with socket.create_connection(("127.0.0.1", bridge.port), 5) as sock:
                    got = b""
                    while part := sock.recv(65536):
                        got += part
                return server.result(), got, bridge.wait_event("closed")
            finally:
                self.assertEqual(bridge.stop(), 0)

    def test_ping_is_answered(self):
        def script(peer):
            peer.send(frames.PING, b"are you there")
            return peer.frame()
        frame, _, event = self.run_script(script)
        self.assertEqual((frame.opcode, frame.payload), (frames.PONG, b"are you there"))
        self.assertEqual((event["by"], event["code"]), ("ws", "1006"))

    def test_crlf_is_answered(self):
        def script(peer):
            peer.send(frames.TEXT, b"\r\n\r\n")
            return peer.frame().payload
        self.assertEqual(self.run_script(script)[:2], (b"\r\n", b""))

    def test_fragments_are_joined_and_close_is_answered(self):
        def script(peer):
            for i, byte in enumerate(OPTIONS):
                peer.send(frames.CONT if i else frames.TEXT, bytes([byte]), fin=i == len(OPTIONS) - 1)
            peer.send(frames.CLOSE, frames.close_payload(4403, 'say "no"\n'))
            return peer.frame()
        frame, got, event = self.run_script(script)
        self.assertEqual(got, OPTIONS)
        self.assertEqual(frames.parse_close(frame.payload)[0], 4403)
        self.assertEqual((event["by"], event["code"]), ("ws", "4403"))
        self.assertEqual(event["reason"], "say \\x22no\\x22\\x0a")

    def test_slow_reader_stops_the_server(self):
        count, body, sent = 3000, b"x" * 10000, []
        message = b"A b SIP/2.0\r\nContent-Length: 10000\r\n\r\n" + body
        done = threading.Event()

        def script(peer):
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            while len(sent) < count:
                peer.send(frames.TEXT, message)
                sent.append(time.monotonic())
            done.wait(10)

        with tempfile.TemporaryDirectory() as work, ScriptedServer(script) as server:
            bridge = Bridge(work, port=server.port)
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                sock.connect(("127.0.0.1", bridge.port))
                sock.settimeout(10)
                self.assertTrue(wait_until(lambda: sent and time.monotonic() - sent[-1] > 0.3))
                self.assertLess(len(sent), count, "the bridge took all of it")
                left = count * len(message)
                while left and (part := sock.recv(1 << 20)):
                    left -= len(part)
                self.assertEqual(left, 0)
            done.set()
            self.assertEqual(bridge.stop(), 0)

    def test_message_that_is_not_one_sip_message(self):
        too_long = b"A b SIP/2.0\r\nl: 65500\r\n\r\n" + b"x" * 65500 + b"\r\n" * 40
        for bad in (OPTIONS + OPTIONS, OPTIONS[:-2], OPTIONS + b"body", b"garbage", too_long):
            def script(peer, data=bad):
                peer.send(frames.TEXT, data)
                return frames.parse_close(peer.frame().payload)[0]
            code, got, event = self.run_script(script)
            self.assertEqual((code, got), (1002, b""))
            self.assertEqual((event["by"], event["code"]), ("bridge", "1002"))
            self.assertEqual(event["reason"].endswith("too long"), bad is too_long)


class Bound(BridgeCase):
    """--max"""

    OPTIONS = ("--max", "1")

    def test_second_connection_is_refused(self):
        first = self.tcp()
        self.assertEqual(first.ask(user().register().to_bytes()).status, 200)
        self.assertIsNone(self.tcp().message())
        self.assertEqual(self.bridge.wait_event("refused")["why"], "too many connections")
        first.sock.close()
        # Its place is free when the server has answered the Close.
        self.assertTrue(wait_until(self.is_served))

    def is_served(self):
        """A new connection registers."""
        try:
            return self.tcp().ask(user().register().to_bytes()) is not None
        except ConnectionError:
            return False


class Refused(unittest.TestCase):
    """Handshakes that fail."""

    def refusal(self, *options, ca=CA):
        """The HTTP status of the refused event."""
        with tempfile.TemporaryDirectory() as work:
            bridge = Bridge(work, *options, ca=ca)
            try:
                with socket.create_connection(("127.0.0.1", bridge.port), 5) as sock:
                    self.assertEqual(sock.recv(1), b"")
                return bridge.wait_event("refused")["http"]
            finally:
                self.assertEqual(bridge.stop(), 0)

    def test_origin(self):
        self.assertEqual(self.refusal("--origin", "https://evil.test"), "403")

    def test_subprotocol(self):
        self.assertEqual(self.refusal("--subprotocol", "chat"), "400")

    def test_certificate(self):
        self.assertEqual(self.refusal(ca="/etc/ssl/certs/ca-certificates.crt"), "0")
        self.assertEqual(self.refusal("--host", "other.test"), "0")


class Sipp(BridgeCase):
    """One SIPp registers and is called on the same connection."""

    OPTIONS = ("--origin", "https://wwsf.test")

    def sipp(self, *options):
        """A running SIPp that makes one call."""
        return subprocess.Popen(
            ["sipp", f"127.0.0.1:{self.bridge.port}", "-i", "127.0.0.1", "-m", "1", "-timeout", "15s",
             "-timeout_error", "-nostdin", "-max_socket", "100", *options],
            cwd=self.work.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL)

    def call(self, call_id):
        """The core's side calls the WIC, whose REGISTER may still be on its
        way; the status of its answer to INVITE and to BYE."""
        mw, ua = mw_peer()
        with mw:
            def invite_answered():
                invite = ua.invite("sip:bob@ims.test").set("Call-ID", call_id)
                resp = mw.ask(invite)
                return resp if resp.status != 404 else None
            resp = wait_until(invite_answered)
            self.assertIsNotNone(resp, "the WIC did not register")
            dialog = Dialog.of_caller(resp)
            mw.send_sip(ua.ack(dialog))
            return resp.status, mw.ask(ua.bye(dialog)).status

    def test_one_scenario(self):
        for transport in ("t1", "tn"):
            proc = self.sipp("-t", transport, "-sf", CALLEE, "-cid_str", f"wic-{transport}-%u")
            self.assertEqual(self.call(f"caller///wic-{transport}-1"), (200, 200))
            self.assertEqual(proc.wait(20), 0)
        self.assertEqual(len(self.bridge.events("open")), 2)

    def test_any_call_id(self):
        register, answer = (os.path.join(self.work.name, n) for n in ("register.xml", "answer.xml"))
        with open(CALLEE, encoding="ascii") as src:
            first, second = src.read().split(CUT)
        top = re.match(r".*?<scenario[^>]*>\n", first, re.S).group()
        with open(register, "w", encoding="ascii") as out:
            out.write(first + '  <pause milliseconds="2000"/>\n</scenario>\n')
        with open(answer, "w", encoding="ascii") as out:
            out.write(top + second)
        proc = self.sipp("-t", "tn", "-sf", register, "-oocsf", answer)
        self.assertEqual(self.call("of-the-caller"), (200, 200))
        self.assertEqual(proc.wait(20), 0)
        self.assertEqual(len(self.bridge.events("open")), 1)


if __name__ == "__main__":
    unittest.main()
