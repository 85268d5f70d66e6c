# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wic and Mw against the stand-in."""

import json
import socket
import ssl
import subprocess
import sys
import time
import unittest

from wic import Dialog, Mw, SipMessage, Ua, WicRefused, client_hello
from wic import Wic, frames
from standin_env import CA, WSS_PORT, mw_peer, registered, user, wic


class Opening(unittest.TestCase):
    """Certificates, Origin, steps of the handshake."""

    def test_register(self):
        with wic(origin="https://wwsf.test").connect() as client:
            ua = user()
            self.assertEqual(client.ask(ua.register(token="")).status, 401)
            self.assertEqual(client.ask(ua.register()).status, 200)

    def test_wrong_origin(self):
        with self.assertRaises(WicRefused) as got:
            wic(origin="https://evil.test").connect()
        self.assertEqual(got.exception.status, 403)

    def test_certificate_is_verified(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            Wic("127.0.0.1", WSS_PORT, ca="/etc/ssl/certs/ca-certificates.crt", name="localhost").connect()
        with self.assertRaises(ssl.SSLCertVerificationError):
            Wic("127.0.0.1", WSS_PORT, ca=CA, name="other.test").connect()

    def test_no_subprotocol(self):
        with self.assertRaises(WicRefused):
            wic(subprotocol=None).connect()

    def test_raw_sip_without_upgrade(self):
        with wic().tcp().tls() as client:
            client.send_raw(user().register(token=""))
            self.assertEqual(SipMessage.parse(client.recv_raw_sip()).status, 401)

    def test_half_hello_then_fin(self):
        with wic().tcp() as client:
            client.send_raw(client_hello()[:50])
            client.fin()
            self.assertIsNotNone(client.wait_tcp_end(5))

    def test_same_source_port(self):
        first = wic().connect()
        port = first.link.local[1]
        first.rst()
        with wic(source_port=port).connect() as second:
            self.assertEqual(second.link.local[1], port)
            self.assertEqual(second.ask(user().register()).status, 200)


class CommandLine(unittest.TestCase):
    """python3 -m wic"""

    def run_cli(self, *options, message=None):
        """(exit status, standard output, standard error)"""
        done = subprocess.run([sys.executable, "-m", "wic", f"127.0.0.1:{WSS_PORT}", "--ca", CA, "--name",
                               "localhost", *options], input=message, capture_output=True, text=True,
                              timeout=30, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_exit_status(self):
        status, out, _ = self.run_cli()
        self.assertEqual((status, out.splitlines()[0]), (1, "SIP/2.0 401 Unauthorized"))
        status, _, err = self.run_cli("--origin", "https://evil.test")
        self.assertEqual((status, json.loads(err)), (2, {"refused": 403}))

    def test_own_message(self):
        message = user().register().to_bytes().decode()
        status, out, _ = self.run_cli("--send", "-", message=message)
        self.assertEqual((status, out.splitlines()[0]), (0, "SIP/2.0 200 OK"))


class Habits(unittest.TestCase):
    """Pings, Close frames, frames of odd shape."""

    def test_fragments_make_one_message(self):
        client, ua = registered()
        with client:
            again = ua.register()
            client.send_fragments(again, 50)
            self.assertEqual(client.final(again).status, 200)

    def test_ping(self):
        with wic().connect() as client:
            self.assertLess(client.ping(), 5)

    def test_pings_are_answered_while_waiting(self):
        with wic().connect() as client:
            end = time.monotonic() + 10
            while client.pings < 1 and time.monotonic() < end:
                client.serve(0.2)
            self.assertEqual(client.pings, 1)
            self.assertEqual(client.ask(user().register()).status, 200)

    def test_close_code_and_reason(self):
        with wic().connect() as client:
            self.assertEqual(client.ask(user().register(token="bad")).status, 401)
            self.assertEqual(client.wait_close(), (4401, "bad token"))

    def test_close_can_be_ignored(self):
        with wic().connect() as client:
            client.answer_close = False
            client.ask(user().register(token="bad"))
            self.assertEqual(client.wait_close(), (4401, "bad token"))
            self.assertIsNone(client.wait_tcp_end(0.5))
            client.send_frame(frames.PING, b"still here")

    def test_own_close_is_answered(self):
        self.assertEqual(wic().connect().close(4000, "bye")[0], 1000)


class Ends(unittest.TestCase):
    """FIN and RST as a peer sees them that does nothing by itself."""

    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.client = Wic(*self.listener.getsockname()).tcp()
        self.peer = self.listener.accept()[0]
        self.peer.settimeout(5)

    def tearDown(self):
        self.client.drop()
        self.peer.close()
        self.listener.close()

    def test_fin(self):
        self.client.fin()
        self.assertEqual(self.peer.recv(1), b"")
        self.assertIsNone(self.client.wait_tcp_end(0.2), "the peer has not ended anything")
        self.peer.close()
        self.assertIsNotNone(self.client.wait_tcp_end(5))

    def test_rst(self):
        self.client.rst()
        with self.assertRaises(ConnectionResetError):
            self.peer.recv(1)


class MwPair(unittest.TestCase):
    """Two Mw, of which only one knows the other's address."""

    def test_answer_goes_back(self):
        for proto in ("udp", "tcp"):
            with Mw(proto=proto) as server, Mw(proto=proto, peer=server.addr) as client:
                ua = Ua("sip:a@ims.test", transport=proto.upper())
                for size in (0, 9000):
                    msg = ua.message("sip:b@ims.test", "x" * size)
                    client.send_sip(msg)
                    got = server.expect("MESSAGE")
                    self.assertEqual(len(got.body), size)
                    server.answer(got, 202)
                    self.assertEqual(client.final(msg).status, 202)


class Calls(unittest.TestCase):
    """Dialogs between WICs, and between the core's side and a WIC."""

    def setUp(self):
        self.alice, self.alice_ua = registered()
        self.bob, self.bob_ua = registered()

    def tearDown(self):
        self.alice.drop()
        self.bob.drop()

    def test_call(self):
        invite = self.alice_ua.invite(self.bob_ua.impu)
        self.alice.send_sip(invite)
        got = self.bob.expect("INVITE")
        self.bob.send_sip(self.bob_ua.answer(got, 180))
        answer = self.bob_ua.answer(got)
        self.bob.send_sip(answer)
        caller = Dialog.of_caller(self.alice.final(invite))
        self.alice.send_sip(self.alice_ua.ack(caller))
        self.bob.expect("ACK")
        bye = self.bob_ua.bye(Dialog.of_callee(got, answer))
        self.bob.send_sip(bye)
        self.alice.send_sip(self.alice_ua.answer(self.alice.expect("BYE")))
        self.assertEqual(self.bob.final(bye).status, 200)

    def test_busy(self):
        invite = self.alice_ua.invite(self.bob_ua.impu)
        self.alice.send_sip(invite)
        self.bob.send_sip(self.bob_ua.answer(self.bob.expect("INVITE"), 486))
        resp = self.alice.final(invite)
        self.assertEqual(resp.status, 486)
        self.alice.send_sip(self.alice_ua.ack_failure(invite, resp))
        self.bob.expect("ACK")

    def test_cancel(self):
        invite = self.alice_ua.invite(self.bob_ua.impu)
        self.alice.send_sip(invite)
        got = self.bob.expect("INVITE")
        self.bob.send_sip(self.bob_ua.answer(got, 180))
        self.alice.wait_for(lambda m: m.status == 180)
        self.assertEqual(self.alice.ask(self.alice_ua.cancel(invite)).status, 200)
        self.bob.send_sip(self.bob_ua.answer(self.bob.expect("CANCEL")))
        self.bob.send_sip(self.bob_ua.answer(got, 487))
        self.assertEqual(self.alice.final(invite).status, 487)

    def test_message_from_the_core(self):
        for proto in ("udp", "tcp"):
            mw, core = mw_peer(proto)
            with mw:
                msg = core.message(self.bob_ua.impu, "hello")
                mw.send_sip(msg)
                got = self.bob.expect("MESSAGE")
                self.assertEqual(got.body, b"hello")
                self.bob.send_sip(self.bob_ua.answer(got))
                self.assertEqual(mw.final(msg).status, 200)

    def test_core_that_answers(self):
        for proto in ("udp", "tcp"):
            mw, core = mw_peer(proto)
            with mw:
                self.assertEqual(mw.ask(core.register()).status, 200)
                msg = self.alice_ua.message(core.impu, "hi")
                self.alice.send_sip(msg)
                mw.answer(mw.expect("MESSAGE"), 480, "Not There", [("Retry-After", 7)])
                resp = self.alice.final(msg)
                self.assertEqual((resp.status, resp.reason, resp.get("Retry-After")), (480, "Not There", "7"))

    def test_quiet(self):
        self.assertTrue(self.bob.quiet(0.1))
        self.alice.send_sip(self.alice_ua.message(self.bob_ua.impu, "x"))
        self.assertFalse(self.bob.quiet(5))


if __name__ == "__main__":
    unittest.main()
