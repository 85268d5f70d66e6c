# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""`wims fetch serve` and its frames, as lib/fetch/wims_fetch.h has them."""

import struct
import subprocess
import threading

OUTCOMES = ("failed ok bad_url resolve connect tls timeout protocol too_large redirect status busy child").split()


def text(value):
    """Length and bytes."""
    return struct.pack(">I", len(value)) + value


class Answer:
    """One answer."""

    def __init__(self, payload):
        self.id, outcome, self.status, self.max_age = struct.unpack_from(">IIIq", payload)
        self.outcome = OUTCOMES[outcome]
        at = 20
        self.why, at = self.take(payload, at)
        self.body, at = self.take(payload, at)
        assert at == len(payload)

    @staticmethod
    def take(payload, at):
        """A text, and where the next one begins."""
        (length,) = struct.unpack_from(">I", payload, at)
        return payload[at + 4:at + 4 + length], at + 4 + length


class Child:
    """The program, with a thread that reads its answers."""

    def __init__(self, wims, env):
        self.process = subprocess.Popen([wims, "fetch", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env)
        self.answers = {}
        self.news = threading.Condition()
        self.next_id = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Until it closes its end."""
        out = self.process.stdout
        while head := out.read(8):
            magic, kind, length = struct.unpack(">3sBI", head)
            assert magic == b"WF\x01" and kind == 2, head
            answer = Answer(out.read(length))
            with self.news:
                assert answer.id not in self.answers, "answered twice"
                self.answers[answer.id] = answer
                self.news.notify_all()

    def ask(self, url, ca="", post=b"", user="", password="", timeout_ms=5000, max_bytes=262144):
        """The id of a new request."""
        self.next_id += 1
        payload = struct.pack(">III", self.next_id, timeout_ms, max_bytes)
        for value in (url.encode(), ca.encode(), post, user.encode(), password.encode()):
            payload += text(value)
        self.raw(struct.pack(">3sBI", b"WF\x01", 1, len(payload)) + payload)
        return self.next_id

    def raw(self, data):
        """Bytes as they are."""
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def answer(self, number, seconds=10):
        """Of that request; an error when none comes."""
        with self.news:
            if not self.news.wait_for(lambda: number in self.answers, seconds):
                raise TimeoutError(f"no answer to request {number} in {seconds} s")
            return self.answers[number]

    def end(self):
        """Closes its standard input; its exit status and what it complained about."""
        self.process.stdin.close()
        status = self.process.wait(5)
        return status, self.process.stderr.read().decode()
