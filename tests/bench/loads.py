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


class Load:
    """One process of it, and the server that it asks."""

    def __init__(self, name, side, args):
        self.name, self.side = name, side
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
        """A command of which nothing may fail but what found no WIC that was free, and was not
        sent; there must not be much of that."""
        said = self.do(*words)
        if said["ok"] + said["failed"].get("busy", 0) != said["asked"] or said["ok"] < said["asked"] * 0.7:
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
        """So many of them."""
        self.all_of("open", wics, OPENS)
        self.all_of("register", wics, REGISTERS)
        return self

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
        """Bytes of shared memory in use."""
        return int(self.rpc("core.shmmem")["used"])

    def shm_settled(self, most=math.inf):
        """The same, once that does not fall any more and is no more than so much: websocket keeps
        a connection that has ended for some seconds."""
        used, end = None, time.monotonic() + 30
        while time.monotonic() < end:
            before, used = used, self.shm()
            if before is not None and before * 0.999 <= used <= most:
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
