# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of wic that need no network."""

import unittest

from wic import Dialog, SipMessage, Ua, Wic, WicClosed, header_param, response
from wic.frames import CLOSE, PING, PONG, TEXT, FrameReader, close_payload, encode, parse_close
from wic.handshake import WicRefused, check_answer
from wic.sip import cut_stream, split_list

INVITE = (b"INVITE sip:b@ims.test SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\n"
          b"Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nf: \"A, B\" <sip:a@ims.test>;tag=1\r\n"
          b"t: <sip:b@ims.test>\r\nSubject: one\r\n two\r\ni: c1\r\nCSeq: 7 INVITE\r\n"
          b"m: <sip:a@192.0.2.1>\r\nl: 4\r\n\r\nbody")


class Frames(unittest.TestCase):
    """RFC 6455 framing."""

    def test_round_trip_byte_by_byte(self):
        for size in (0, 1, 125, 126, 65535, 65536):
            for mask in (True, False):
                reader, payload = FrameReader(), bytes(i % 251 for i in range(size))
                data = encode(TEXT, payload, mask=mask)
                for i in range(0, len(data) - 1, 997):
                    reader.feed(data[i : min(i + 997, len(data) - 1)])
                    self.assertIsNone(reader.take())
                reader.feed(data[-1:])
                frame = reader.take()
                self.assertEqual((frame.opcode, frame.fin, frame.payload), (TEXT, True, payload))
                self.assertIsNone(reader.take())

    def test_masked_text_is_not_readable(self):
        self.assertNotIn(b"REGISTER", encode(TEXT, b"REGISTER" * 20))

    def test_rfc_6455_example(self):
        reader = FrameReader()
        reader.feed(bytes.fromhex("818537fa213d7f9f4d5158"))
        self.assertEqual(reader.take().payload, b"Hello")

    def test_close_payload(self):
        self.assertEqual(parse_close(close_payload(4401, "bad token")), (4401, "bad token"))
        self.assertEqual(parse_close(b""), (1005, ""))
        self.assertEqual(encode(CLOSE, mask=False), b"\x88\x00")

    def test_false_length_can_be_claimed(self):
        self.assertEqual(encode(TEXT, b"ab", mask=False, claim=200), b"\x81\x7e\x00\xc8ab")


class ScriptedLink:
    """In the place of a Link: gives the bytes it was made with, keeps what is sent."""

    def __init__(self, *chunks):
        self.chunks, self.sent = list(chunks), FrameReader()

    def recv(self, deadline):
        """The next chunk; b"" after the last one."""
        return self.chunks.pop(0) if self.chunks else b""

    def send(self, data):
        """Kept for take()."""
        self.sent.feed(data)


class Habits(unittest.TestCase):
    """What a Wic answers by itself, and what it can be told not to."""

    PING = encode(PING, b"p1", mask=False)
    CLOSE = encode(CLOSE, close_payload(4403, "no"), mask=False)
    OPTIONS = encode(TEXT, b"OPTIONS sip:x SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n", mask=False)

    def wic(self, *chunks):
        """A Wic that hears these frames."""
        wic = Wic("192.0.2.1", 1)
        wic.link = ScriptedLink(*chunks)
        return wic

    def test_ping(self):
        for answers in (True, False):
            wic = self.wic(self.PING, self.OPTIONS)
            wic.answer_pings = answers
            self.assertEqual(wic.recv_sip().method, "OPTIONS")
            sent = wic.link.sent.take()
            self.assertEqual(sent and (sent.opcode, sent.payload), (PONG, b"p1") if answers else None)

    def test_close(self):
        wic = self.wic(self.CLOSE, self.OPTIONS)
        with self.assertRaises(WicClosed) as got:
            wic.recv_sip()
        self.assertEqual((got.exception.code, got.exception.reason), (4403, "no"))
        self.assertEqual(wic.link.sent.take().payload, close_payload(4403))

    def test_close_ignored(self):
        wic = self.wic(self.CLOSE, self.OPTIONS)
        wic.answer_close = False
        self.assertEqual(wic.recv_sip().method, "OPTIONS")
        self.assertIsNone(wic.link.sent.take())
        self.assertEqual(wic.wait_close(), (4403, "no"))

    def test_end_without_close(self):
        self.assertEqual(self.wic(self.OPTIONS).wait_close(), (1006, ""))


class Handshake(unittest.TestCase):
    """RFC 6455 1.3 example, and answers that are wrong."""

    KEY = "dGhlIHNhbXBsZSBub25jZQ=="
    GOOD = (b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sip\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    def test_good(self):
        check_answer(self.GOOD, self.KEY, "sip")

    def test_wrong(self):
        wrong = [self.GOOD.replace(b"101", b"403"), self.GOOD.replace(b"s3p", b"S3p"),
                 self.GOOD.replace(b": sip", b": chat"), b"garbage"]
        for head in wrong:
            with self.assertRaises(WicRefused):
                check_answer(head, self.KEY, "sip")


class Messages(unittest.TestCase):
    """SIP messages."""

    def test_parse(self):
        msg = SipMessage.parse(INVITE)
        self.assertEqual((msg.method, msg.uri, msg.cseq), ("INVITE", "sip:b@ims.test", (7, "INVITE")))
        self.assertEqual(msg.get("Subject"), "one two")
        self.assertEqual(msg.tag("From"), "1")
        self.assertIsNone(msg.tag("To"))
        self.assertEqual(msg.values("record-route"), ["<sip:p1;lr>", "<sip:p2;lr>"])
        self.assertEqual(msg.body, b"body")
        folded = SipMessage.parse(b"OPTIONS sip:b@ims.test SIP/2.0\r\nCSeq:\r\n 7 OPTIONS\r\n\r\n")
        self.assertEqual(folded.cseq, (7, "OPTIONS"))

    def test_edit(self):
        msg = SipMessage.parse(INVITE).set("Call-ID", "c2").remove("Subject").push("Via", "top")
        again = SipMessage.parse(msg.to_bytes())
        self.assertEqual(again.call_id, "c2")
        self.assertEqual(again.all("Via")[0], "top")
        self.assertIsNone(again.get("Subject"))

    def test_length_is_added_only_when_absent(self):
        msg = SipMessage("OPTIONS sip:x SIP/2.0", (), "äb")
        self.assertIn(b"Content-Length: 3\r\n", msg.to_bytes())
        self.assertNotIn(b"Content-Length: 3\r\n", msg.add("l", 9).to_bytes())

    def test_values(self):
        self.assertEqual(split_list('"a, b" <sip:x,y>;q=1, sip:z'), ['"a, b" <sip:x,y>;q=1', "sip:z"])
        self.assertEqual(header_param("<sip:a;tag=no>;tag=yes", "tag"), "yes")
        self.assertEqual(header_param("SIP/2.0/UDP h;branch=b1;rport", "branch"), "b1")

    def test_stream(self):
        buf = bytearray(INVITE[:-1])
        self.assertIsNone(cut_stream(buf))
        buf += INVITE[-1:] + b"\r\n" + INVITE
        self.assertEqual(cut_stream(buf), INVITE)
        self.assertEqual(cut_stream(buf), b"")
        self.assertEqual(cut_stream(buf), INVITE)
        self.assertEqual(buf, b"")

    def test_dialog(self):
        invite, ua = SipMessage.parse(INVITE), Ua("sip:b@ims.test")
        ok = ua.answer(invite)
        caller, callee = Dialog.of_caller(ok), Dialog.of_callee(invite, ok)
        self.assertEqual(caller.routes, ["<sip:p2;lr>", "<sip:p1;lr>"])
        self.assertEqual(callee.routes, ["<sip:p1;lr>", "<sip:p2;lr>"])
        self.assertEqual(callee.target, "sip:a@192.0.2.1")
        self.assertEqual(ua.ack(caller).cseq, (7, "ACK"))
        self.assertEqual(ua.bye(caller).cseq, (8, "BYE"))
        self.assertEqual(ua.bye(callee).tag("To"), "1")
        self.assertEqual(response(invite, 100).tag("To"), None)


if __name__ == "__main__":
    unittest.main()
