# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs of build/tools/wims-load that stay connected to a server while it is measured."""

import json
import math
import subprocess
import sys
import time
from collections import namedtuple

from sides import cpu_us, processes

# core is where the core's side of it listens, "-" for a server that asks none; pids those of
# whose children are counted, too.
Side = namedtuple("Side", "port pids ctl users core")

ORIGIN = "https://rs256.test"
SOURCES = "127.1.0.1-127.1.3.232"  # so that limits of an address are as they ship
TIMEOUT_MS = 2000
OPENS, REGISTERS, TRIES = 250, 500, 5  # a second, before anything is measured; and how often
BATCH = 500  # WICs: one that registers nothing for a while is closed
# after an overload: rate, seconds and 99th percentile of what is tried so many times at most
CALM_RATE, CALM_SECONDS, CALM_US, CALM = 100, 0.5, 100_000, 40
SETTLED, LEFT = 2_000, 60  # bytes that may change in a second; seconds until then, at most


class Load:
    """One process of it, and the server that it asks."""

    def __init__(self, name, side, args):
        self.name, self.side = name, side
        self.ours = name not in ("stock", "bare")
        self.pids = processes(side.pids)
        command = [args.load_program, "--connect", f"127.0.0.1:{side.port}", "--name", "localhost", "--ca", args.ca,
                   "--origin", ORIGIN, "--users", side.users, "--sources", SOURCES, "--expires", "3600",
                   "--timeout", str(TIMEOUT_MS)]
        if side.core != "-":
            command += ["--core", f"127.0.0.1:{side.core}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, *words):
        """A command, and what came of it."""
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench: wims-load for {self.name} ended at {words[0]}")
        return json.loads(line)

    def must(self, *words):
        """A command of which nothing may fail: what is not answered, or finds no WIC that does not
        wait, is missing in latencies as well."""
        said = self.do(*words)
        if said["ok"] != said["asked"]:
            sys.exit(f"bench: {self.name}: {' '.join(map(str, words))}: {said['ok']} of {said['asked']} are ok, "
                     f"failed {said['failed']}")
        return said

    def all_of(self, what, wics, rate):
        """So many of them, again where it took too long."""
        left = wics
        for _ in range(TRIES):
            said = self.do(what, left, rate)
            left -= said["ok"]
            if not left:
                return
        sys.exit(f"bench: {self.name}: {left} of {wics} WICs do not {what}: {said['failed']}")

    def registered(self, wics):
        """So many of them. Nothing is refused for overload: a stock Kamailio does not do that either."""
        if self.ours:
            self.rpc("webrtc_ims.load", "0")
        for begin in range(0, wics, BATCH):
            self.all_of("open", min(BATCH, wics - begin), OPENS)
            self.all_of("register", min(BATCH, wics - begin), REGISTERS)
        return self

    def recover(self):
        """After more than the server can do: until it answers at once again."""
        for _ in range(CALM):
            said = self.do("refresh", CALM_RATE, CALM_SECONDS)
            if said["ok"] == said["asked"] and said["us"]["p99"] <= CALM_US:
                return
        sys.exit(f"bench: {self.name} is still not well after {CALM * CALM_SECONDS} s")

    def cost(self, *words):
        """CPU microseconds of all processes of the server for each action of a command, and
        what came of it."""
        cpu = cpu_us(self.pids)
        said = self.must(*words)
        return (cpu_us(self.pids) - cpu) / said["ok"], said

    def rpc(self, *words):
        """Lines of an answer as a dict."""
        out = subprocess.run(["kamcmd", "-s", f"unix:{self.side.ctl}", *words], stdout=subprocess.PIPE, text=True,
                             check=True).stdout
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in out.splitlines())}

    def shm(self):
        """Bytes of shared memory in use, with what the memory manager takes for each piece."""
        return int(self.rpc("core.shmmem")["real_used"])

    def shm_settled(self, most=math.inf):
        """The same, once that does not change any more and is no more than so much: websocket keeps
        a connection that has ended for some seconds."""
        used, end = math.inf, time.monotonic() + LEFT
        while time.monotonic() < end:
            before, used = used, self.shm()
            if abs(before - used) <= SETTLED and used <= most:
                return used
            time.sleep(1)
        sys.exit(f"bench: {self.name} has {used} bytes of shared memory in use, not {most}")

    def close(self):
        """All connections end with it; afterwards the server has nothing more to do."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        end, cpu = time.monotonic() + 10, 0
        while time.monotonic() < end and cpu_us(self.pids) - cpu > 5000:
            cpu = cpu_us(self.pids)
            time.sleep(0.2)
