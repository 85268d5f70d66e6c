# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""wims-load (built with sanitizers) against the stand-in, and against servers that
do what no good server does: each fault has its name, and nothing is taken for good."""

import json
import os
import subprocess
import tempfile
import time
import unittest

from wic import SipMessage, frames
from wic.ua import response
from scripted_server import ScriptedServer
from standin_env import CA, WSS_PORT

IMPU = "sip:load@ims.test"


class Load:
    """wims-load with the commands of a text; its status and its lines."""

    def __init__(self, port, commands, *options, users=f"{IMPU}\ttoken\n", ca=CA):
        with tempfile.TemporaryDirectory() as work:
            path = os.path.join(work, "users")
            with open(path, "w", encoding="ascii") as out:
                out.write(users)
            done = subprocess.run(
                [os.environ["LOAD"], "--connect", f"127.0.0.1:{port}", "--name", "localhost", "--ca", ca,
                 "--users", path, "--origin", "https://wwsf.test", "--timeout", "3000", *options],
                input=commands, capture_output=True, text=True, timeout=60, check=False)
        self.status, self.errors = done.returncode, done.stderr
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]

    def __getitem__(self, i):
        return self.lines[i]


def wrong_answers():
    """Answers to the GET that are no upgrade, and the name of what they are."""
    good = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: sip\r\n")
    return ((good + b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", "upgrade"),
            (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403"), (b"HTTP/1.1 503 Busy\r\n\r\n", "503"),
            (b"x" * 9000, "upgrade"), (b"HTTP/1.1 101", "closed"), (b"", "closed"))


def request_of(peer):
    """The SIP message of the client's next frames."""
    payload, frame = b"", None
    while frame is None or not frame.fin:
        frame = peer.frame()
        payload += frame.payload
    return SipMessage.parse(payload)


def granted(request, expires=600):
    """200 with its Contact."""
    return response(request, 200, headers=[("Contact", f"{request.get('Contact')};expires={expires}")]).to_bytes()


def until_gone(peer):
    """Reads until the client has gone."""
    try:
        while True:
            peer.frame()
    except OSError:
        pass


class AgainstStandin(unittest.TestCase):
    """The good ways."""

    def test_registrations(self):
        users = "".join(f"sip:load{i}@ims.test\tt\n" for i in range(20))
        load = Load(WSS_PORT, "open 20 200\nregister 20 200 &\nwait\nrefresh 100 0.5\nunregister 5 100\n",
                    "--ping", "1", "--fragment", "100", users=users)
        self.assertEqual(load.status, 0, load.errors)
        self.assertEqual([line["command"] for line in load.lines],
                         ["open", "register", "wait", "refresh", "unregister", "quit"])
        self.assertEqual([line["ok"] for line in load.lines], [20, 20, 1, 50, 5, 1])
        self.assertEqual([line["failed"] for line in load.lines], [{}] * 6)
        self.assertEqual(load[5]["wics"], {"closed": 0, "open": 5, "registered": 15, "lost": 0, "waiting": 0})
        self.assertEqual(load[5]["ledger"]["differences"], 0)
        self.assertEqual(sum(count for _, count in load[3]["hist"]), 50)
        self.assertEqual(load[3]["registers"], {"sent": 70, "granted": 70, "refused": 0})
        self.assertGreaterEqual(load[3]["late_us"]["max"], load[3]["late_us"]["p99"])

    def test_sources_and_origin(self):
        load = Load(WSS_PORT, "open 2 100\nregister 2 100\n", "--sources", "127.1.0.1-127.1.0.2",
                    users="sip:a@ims.test\tt\tnull\nsip:b@ims.test\tbad\n")
        self.assertEqual(load[0]["failed"], {"403": 1})
        self.assertEqual(load[1]["failed"], {"401": 1, "busy": 1})
        self.assertEqual(load[2]["wics"]["closed"], 2, "the token bad has its connection closed")
        self.assertEqual(load[2]["closes"], {"4401": 1})

    def test_lines_that_are_none(self):
        for line in ("opne 1 1", "open 1", "open x 1", "open 0 1", "refresh 0 0", "wait 1"):
            load = Load(WSS_PORT, f"{line}\nsleep 0\n")
            self.assertEqual(load.status, 1, line)
            self.assertEqual(list(load[0]), ["error"], line)
            self.assertEqual(load[1]["command"], "sleep")

    def test_options_that_are_none(self):
        for options in (("--connect", "localhost"), ("--sources", "127.0.0.2-127.0.0.1"), ("--expires", "0"),
                        ("--fragment", "1"), ("--opne", "1"), ("what",)):
            self.assertEqual(Load(WSS_PORT, "", *options).status, 2, options)
        self.assertIn(":2: not IMPU TAB TOKEN", Load(WSS_PORT, "", users="sip:a@b\tt\nx\n").errors)

    def test_help(self):
        done = subprocess.run([os.environ["LOAD"], "--help"], capture_output=True, text=True, check=True)
        for word in ("--keep-token", "back COUNT SECONDS", "unregister COUNT RATE"):
            self.assertIn(word, done.stdout)


class AgainstOddServers(unittest.TestCase):
    """What must not be taken for an answer."""

    def load(self, script, commands, *options, upgrade=True, clients=1, **more):
        """With a server that does that; the script has ended well."""
        with ScriptedServer(script, upgrade, clients) as server:
            load = Load(server.port, commands, *options, **more)
        return load, server.result()

    def test_certificate(self):
        with tempfile.TemporaryDirectory() as work:
            ca = os.path.join(work, "ca.pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", "/CN=other", "-keyout", os.devnull, "-out", ca], check=True, capture_output=True)
            self.assertEqual(Load(WSS_PORT, "open 1 10\n", ca=ca)[0]["failed"], {"tls": 1})
            self.assertEqual(Load(WSS_PORT, "open 1 10\n", "--name", "other.test")[0]["failed"], {"tls": 1})
        self.assertEqual(Load(1, "open 1 10\n")[0]["failed"], {"connect": 1})

    def test_upgrade(self):
        for answer, name in wrong_answers():
            load, _ = self.load(lambda peer, text=answer: (peer.get(), peer.sock.sendall(text)), "open 1 10\n",
                                upgrade=False)
            self.assertEqual(load[0]["failed"], {name: 1}, answer[:40])
            self.assertEqual(load[0]["wics"]["closed"], 1)

    def test_frames(self):
        for opcode, payload, odd, code in ((frames.TEXT, b"x", {"rsv": 4}, 1002), (3, b"", {}, 1002),
                                           (frames.TEXT, b"\xff", {}, 1007), (frames.TEXT, b"", {"claim": 1 << 40}, 1009),
                                           (frames.TEXT, b"no SIP", {}, 1002), (frames.CONT, b"x", {}, 1002)):
            def script(peer, what=(opcode, payload, odd)):
                request_of(peer)
                peer.send(what[0], what[1], **what[2])
                return frames.parse_close(peer.frame().payload)[0]
            load, told = self.load(script, "open 1 10\nregister 1 10\n")
            self.assertEqual(told, code)
            self.assertEqual(load[1]["failed"], {"garbage": 1})
            self.assertEqual(load[1]["closes"], {str(code): 1})

    def test_answer_in_pieces(self):
        def script(peer):
            answer = granted(request_of(peer))
            peer.send(frames.TEXT, b"\r\n\r\n")
            peer.send(frames.TEXT, answer[:10], fin=False)
            peer.send(frames.PING, b"there?")
            peer.send(frames.CONT, answer[10:11], fin=False)
            pong = peer.frame()
            peer.send(frames.CONT, answer[11:])
            return pong.opcode, pong.payload
        load, pong = self.load(script, "open 1 10\nregister 1 10\n")
        self.assertEqual(pong, (frames.PONG, b"there?"))
        self.assertEqual(load[1]["ok"], 1)

    def test_no_registration(self):
        def with_contact(value):
            return lambda peer: peer.send(frames.TEXT, response(
                request_of(peer), 200, headers=value).to_bytes())
        for headers in ([], [("Contact", "<sip:other@x.invalid>;expires=600")], [("Contact", "*")]):
            load, _ = self.load(with_contact(headers), "open 1 10\nregister 1 10\n")
            self.assertEqual(load[1]["failed"], {"no-contact": 1}, headers)
            self.assertEqual(load[1]["wics"]["registered"], 0)

    def test_answer_of_another_request(self):
        def script(peer):
            request = request_of(peer)
            other = SipMessage.parse(granted(request)).set("CSeq", "7 REGISTER")
            peer.send(frames.TEXT, other.to_bytes())
            peer.send(frames.TEXT, SipMessage.parse(granted(request)).set("Call-ID", "other").to_bytes())
            peer.send(frames.TEXT, response(request, 100).to_bytes())
            until_gone(peer)
        load, _ = self.load(script, "open 1 10\nregister 1 10\n", "--timeout", "1500")
        self.assertEqual(load[1]["failed"], {"timeout": 1})

    def test_late_answer(self):
        """It counts for what is registered, not for what was in time."""
        def script(peer):
            first = request_of(peer)
            time.sleep(1.4)
            peer.send(frames.TEXT, granted(first))
            peer.send(frames.TEXT, granted(request_of(peer)))
            until_gone(peer)
        load, _ = self.load(script, "open 1 10\nregister 1 10\nsleep 3\nregister 1 10\nrefresh 10 0.1\n",
                            "--timeout", "1000")
        self.assertEqual([load[1]["failed"], load[2]["wics"]["registered"]], [{"timeout": 1}, 1])
        self.assertEqual([load[3]["failed"], load[4]["ok"]], [{"busy": 1}, 1])

    def test_retry_after(self):
        def script(peer):
            request = request_of(peer)
            peer.send(frames.TEXT, response(request, 503, headers=[("Retry-After", 7)]).to_bytes())
            until_gone(peer)
        load, _ = self.load(script, "open 1 10\nregister 1 10\n")
        self.assertEqual([load[1]["failed"], load[1]["retry_after"]], [{"503": 1}, 1])

    def test_end_in_the_middle(self):
        for part in (b"", b"\x81", b"\x81\x7e\x01"):
            load, _ = self.load(lambda peer, text=part: (request_of(peer), peer.sock.sendall(text)),
                                "open 1 10\nregister 1 10\n")
            self.assertEqual(load[1]["failed"], {"closed": 1})
            self.assertEqual(load[1]["closes"], {"1006": 1})

    def test_registered_and_closed(self):
        def script(peer):
            peer.send(frames.TEXT, granted(request_of(peer)))
            peer.send(frames.CLOSE, frames.close_payload(4403, "token revoked"))
            return frames.parse_close(peer.frame().payload)[0]
        load, told = self.load(script, "open 1 10\nregister 1 10\nsleep 0.5\nrefresh 10 0.1\n")
        self.assertEqual(told, 4403)
        self.assertEqual([load[2]["closes"], load[2]["wics"]["lost"]], [{"4403": 1}, 1])
        self.assertEqual(load[3]["failed"], {"busy": 1}, "it is not opened again by itself")

    def test_closed_after_coming_back(self):
        """Who is closed while others are missing still comes back again."""
        served = []

        def script(peer):
            served.append(request_of(peer))
            peer.send(frames.TEXT, granted(served[-1]))
            if len(served) <= 3:
                peer.sock.close()
            if len(served) == 5:
                until_gone(peer)
        one = "open 1 10\nregister 1 10\n"
        load, _ = self.load(script, f"{one}{one}sleep 1\nback 2 0.1\n", clients=5,
                            users="sip:a@ims.test\tt\nsip:b@ims.test\tt\n")
        self.assertEqual([load[5]["ok"], load[5]["failed"]], [2, {"lost-again": 1}])
        self.assertEqual(load[5]["wics"]["registered"], 2)
        self.assertEqual(sum(count for _, count in load[5]["hist"]), 2)

    def test_retry_after_of_coming_back(self):
        """Not before that, and over the same connection."""
        when = []

        def script(peer):
            request = request_of(peer)
            if not when:
                when.append(0)
                peer.send(frames.TEXT, granted(request))
                peer.sock.close()
                return
            peer.send(frames.TEXT, response(request, 503, headers=[("Retry-After", 2)]).to_bytes())
            when.append(time.monotonic())
            request = request_of(peer)
            when.append(time.monotonic())
            peer.send(frames.TEXT, granted(request))
            until_gone(peer)
        load, _ = self.load(script, "open 1 10\nregister 1 10\nsleep 1\nback 1 0\n", clients=2)
        self.assertEqual([load[3]["ok"], load[3]["failed"], load[3]["retry_after"]], [1, {"503": 1}, 1])
        self.assertGreaterEqual(when[2] - when[1], 1.9)

    def test_tokens_in_turn(self):
        """A token of its own for each REGISTER, or always the first."""
        def script(peer):
            said = []
            for _ in range(3):
                request = request_of(peer)
                said.append(request.get("Authorization"))
                peer.send(frames.TEXT, granted(request))
            return said
        commands = "open 1 10\nregister 1 10\nrefresh 10 0.2\n"
        for options, want in (((), ["Bearer one", "Bearer two", "Bearer one"]), (("--keep-token",), ["Bearer one"] * 3),
                              (("--token-uses", "2"), ["Bearer one", "Bearer one", "Bearer two"])):
            _, said = self.load(script, commands, *options, users=f"{IMPU}\tone\n{IMPU}\ttwo\n")
            self.assertEqual(said, want)
        _, said = self.load(script, commands, users=f"{IMPU}\t-\n")
        self.assertEqual(said, [None] * 3)

    def test_registration_that_runs_out(self):
        def script(peer):
            peer.send(frames.TEXT, granted(request_of(peer), 1))
            until_gone(peer)
        load, _ = self.load(script, "open 1 10\nregister 1 10\nsleep 3\nrefresh 10 0.1\n")
        self.assertEqual([load[1]["wics"]["registered"], load[2]["wics"]["registered"]], [1, 0])
        self.assertEqual(load[3]["failed"], {"busy": 1})

    def test_sources(self):
        for first, second in (("127.1.0.7-127.1.0.8", "127.1.0.8"), ("127.1.0.7-127.1.0.7", "127.1.0.7")):
            came = []
            self.load(lambda peer, came=came: came.append(peer.sock.getpeername()[0]), "open 2 100\n", "--sources", first,
                      clients=2, users="sip:a@ims.test\tt\nsip:b@ims.test\tt\n")
            self.assertEqual(came, ["127.1.0.7", second])

    def test_resumption(self):
        def script(peer):
            peer.send(frames.TEXT, granted(request_of(peer)))
            resumed.append(peer.sock.session_reused)
            if len(resumed) == 1:
                peer.sock.close()
            else:
                until_gone(peer)
        for options, want in (((), False), (("--resume",), True)):
            resumed = []
            load, _ = self.load(script, "open 1 10\nregister 1 10\nsleep 0.5\nback 1 0\n", *options, clients=2)
            self.assertEqual(resumed, [False, want])
            self.assertEqual(load[3]["resumed"], int(want))
