# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# wr_try, the client of Redis by lines, and what its answers must be.
import os
import re
import subprocess
import threading

TOP = os.environ["TOP"]
TIMEOUT_MS = 500
# How much longer than its time-out a call may take: the machine is busy.
SLACK_MS = 250
lock = threading.Lock()
failed = []


def say(text):
    with lock:
        print("--", text, flush=True)


def wrong(text):
    with lock:
        failed.append(text)
        print("WRONG:", text, flush=True)


class Client:
    def __init__(self, place, *options, name="", program="build/asan/redis/wr_try"):
        self.name = name or place
        self.errors = open(os.path.join(os.environ["RUN_DIR"], "log", "wr_try.log"), "a")
        self.process = subprocess.Popen(
            [os.path.join(TOP, program), place, f"timeout={TIMEOUT_MS}", *options], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, text=True, encoding="latin-1",
            env={**os.environ, "WR_SCRIPTS": os.path.join(os.environ["CASE_DIR"], "scripts")})
        self.slowest = 0

    def call(self, *words):
        """Outcome, milliseconds, reply or error."""
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            wrong(f"{self.name}: the client has died")
            return "died", 0, ""
        outcome, us, rest = line.rstrip("\n").split(" ", 2)
        ms = int(us) / 1000
        self.slowest = max(self.slowest, ms)
        if ms > TIMEOUT_MS + SLACK_MS:
            wrong(f"{self.name}: {words[0]} took {ms:.0f} ms")
        return outcome, ms, rest

    def limit(self, ms):
        """All calls from now on take no longer than that."""
        self.process.stdin.write(f"limit {ms}\n")

    def expect(self, outcome, regex, *words, ms=None):
        got, took, rest = self.call(*words)
        if got != outcome or not re.search(regex, rest):
            wrong(f"{self.name}: {got} {rest!r} instead of {outcome} /{regex}/")
        if ms is not None and took > ms:
            wrong(f"{self.name}: {took:.0f} ms instead of {ms} at the most")
        return rest

    def end(self):
        self.process.stdin.close()
        if self.process.wait(timeout=10) != 0:
            wrong(f"{self.name}: the client ends with {self.process.returncode}")
        self.process.stdout.close()
        self.errors.close()
