#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a WIC in a range costs an eP-CSCF and its Redis; scale.sh starts both.

Everything over WSS, as it ships: each figure is of all processes of a server,
divided by the WICs. Prints lines "row value unit"."""

import argparse
import os
import select
import socket
import statistics
import subprocess
import sys
import time

from sides import cpu_us, processes
from wic import Ua, Wic, tls_context

BATCH = 8  # WICs that wait for an answer at once
ROUNDS = 5
IDLE = float(os.environ.get("IDLE", "20"))  # s; some pings of each WIC are in it
LOOK = 0.005  # s between looks at Redis
SETTLED = 7.0  # s until tm has forgotten what was answered


class Cost:
    """CPU time in us of the eP-CSCF and of its Redis, since it was made."""

    def __init__(self, pids, redis):
        self.pids, self.redis = pids, redis
        self.began = time.monotonic(), cpu_us(pids), self.of_redis()

    def of_redis(self):
        """0 without one"""
        return cpu_us([self.redis]) if self.redis else 0.0

    def each(self, count):
        """(eP-CSCF, Redis) for each of so many"""
        return (cpu_us(self.pids) - self.began[1]) / count, (self.of_redis() - self.began[2]) / count

    def seconds(self):
        """That have passed."""
        return time.monotonic() - self.began[0]


class Bench:
    """One eP-CSCF with its WICs."""

    def __init__(self, args):
        self.args = args
        self.pids = processes([args.pid])
        self.context = tls_context(args.ca)
        with open(args.tokens, encoding="ascii") as f:
            self.users = [line.split() for line in f]
        self.uas = [Ua(f"sip:{user}@ims.test", token=token) for user, token in self.users]
        self.wics, self.found = [], {}
        self.store = socket.create_connection(("127.0.0.1", args.redis_port)) if args.redis_pid else None

    def cost(self):
        """From now on."""
        return Cost(self.pids, self.args.redis_pid)

    def put(self, name, unit, value):
        """One figure."""
        self.found[name] = unit, float(f"{value:.3g}")

    def shm(self):
        """Bytes of shared memory in use."""
        out = subprocess.run(["kamcmd", "-s", self.args.ctl, "core.shmmem"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        return int(dict(map(str.split, (line.replace(":", " ") for line in out.splitlines()
                                        if "used:" in line)))["used"])

    def redis(self, section, name):
        """A number of INFO, over one connection: a program for each would be seen in the figures."""
        self.store.sendall(f"INFO {section}\r\n".encode())
        head, _, body = self.store.recv(1 << 20).partition(b"\r\n")
        while len(body) < int(head[1:]) + 2:
            body += self.store.recv(1 << 20)
        rows = (line.split(":", 1) for line in body.decode().splitlines() if ":" in line)
        return int(dict(rows)[name].partition(",")[0].rpartition("=")[2])

    def told(self):
        """Contacts a second that the eP-CSCF tells Redis again when its connections broke."""
        first, began = self.redis("commandstats", "cmdstat_evalsha"), None
        self.store.sendall(b"CLIENT KILL TYPE normal\r\n")  # not this one
        self.store.recv(100)
        now = first, time.monotonic()
        while now[0] < first + len(self.wics):
            time.sleep(LOOK)
            before, now = now, (self.redis("commandstats", "cmdstat_evalsha"), time.monotonic())
            if began is None and now[0] > first + len(self.wics) / 5:
                began = before
        return (now[0] - began[0]) / (now[1] - began[1])

    def connect(self):
        """All WICs, with WebSockets."""
        self.wics = []
        for _ in self.users:
            wic = Wic("127.0.0.1", self.args.port, name="localhost", origin=self.args.origin, timeout=10)
            self.wics.append(wic.tcp().tls(self.context).upgrade())

    def register(self):
        """All of them, BATCH at a time."""
        for i in range(0, len(self.wics), BATCH):
            for wic, ua, answer in self.ask(i, lambda ua: ua.register(3600)):
                if answer.status != 200:
                    sys.exit(f"scale: {answer.status} to REGISTER")
                ua.registered(answer)

    def ask(self, i, request):
        """BATCH of them from the i-th: (WIC, UA, answer)"""
        asked = [(wic, ua, request(ua)) for wic, ua in zip(self.wics[i:i + BATCH], self.uas[i:i + BATCH])]
        for wic, _, message in asked:
            wic.send_sip(message)
        return [(wic, ua, wic.final(message)) for wic, ua, message in asked]

    def messages(self):
        """From each WIC to somebody whom the core does not know."""
        for i in range(0, len(self.wics), BATCH):
            for _, _, answer in self.ask(i, lambda ua: ua.message("sip:nobody@ims.test", "hello")):
                if answer.status not in (404, 604):
                    sys.exit(f"scale: {answer.status} to MESSAGE")

    def serve(self, seconds):
        """Answers pings."""
        end = time.monotonic() + seconds
        by_fd = {wic.link.sock.fileno(): wic for wic in self.wics}
        poll = select.epoll()
        for fd in by_fd:
            poll.register(fd, select.EPOLLIN)
        while (left := end - time.monotonic()) > 0:
            for fd, _ in poll.poll(left):
                by_fd[fd].serve(0.001)
        poll.close()

    def drop(self):
        """All connections, without a word."""
        for wic in self.wics:
            wic.rst()
        self.wics = []

    def idle(self):
        """us of CPU that a second takes: (eP-CSCF, Redis)"""
        cost = self.cost()
        self.serve(IDLE)
        return cost.each(cost.seconds())

    def run(self):
        """All figures."""
        n, name = len(self.users), self.args.name
        empty, base = self.shm(), self.idle()
        keys = self.redis("memory", "used_memory") if self.args.redis_pid else 0
        cost = self.cost()
        self.connect()
        self.put(f"{name}-connect", "us", cost.each(n)[0])
        cost = self.cost()
        self.register()
        self.both("first", cost.each(n))
        self.serve(SETTLED)
        self.put(f"{name}-memory", "bytes", (self.shm() - empty) / n)
        if self.args.redis_pid:
            self.put(f"{name}-entry", "bytes", (self.redis("memory", "used_memory") - keys) / n)
        self.refresh(n)
        cost = self.cost()
        self.messages()
        self.both("request", cost.each(n))
        busy = self.idle()
        self.both("idle", [(b - a) / n for a, b in zip(base, busy)], "us/s")
        if self.args.redis_pid:
            self.put(f"{name}-told", "1/s", self.told())
        self.again(n)
        return self.found

    def both(self, what, figures, unit="us"):
        """Of eP-CSCF and Redis"""
        self.put(f"{self.args.name}-{what}", unit, figures[0])
        if self.args.redis_pid:
            self.put(f"{self.args.name}-{what}-store", unit, figures[1])

    def refresh(self, n):
        """The same contacts again, ROUNDS times"""
        rounds = []
        aof = self.redis("persistence", "aof_current_size") if self.args.redis_pid else 0
        for _ in range(ROUNDS):
            cost = self.cost()
            self.register()
            rounds.append(cost.each(n))
        self.both("refresh", [statistics.median(r) for r in zip(*rounds)])
        if self.args.redis_pid:
            written = self.redis("persistence", "aof_current_size") - aof
            self.put(f"{self.args.name}-refresh-log", "bytes", written / n / ROUNDS)

    def again(self, n):
        """The connections of all break, and each is back with the same instance."""
        rounds = []
        for _ in range(3):
            cost = self.cost()
            self.drop()
            self.connect()
            self.register()
            rounds.append(cost.each(n))
        self.both("again", [statistics.median(r) for r in zip(*rounds)])
        self.drop()


def main():
    """One server."""
    ap = argparse.ArgumentParser()
    for name in ("name", "ctl", "ca", "origin", "tokens"):
        ap.add_argument(f"--{name}", required=True)
    for name in ("port", "pid"):
        ap.add_argument(f"--{name}", type=int, required=True)
    ap.add_argument("--redis-pid", type=int, default=0)
    ap.add_argument("--redis-port", type=int, default=0)
    args = ap.parse_args()
    for row, (unit, value) in Bench(args).run().items():
        print(row, f"{value:g}", unit)


if __name__ == "__main__":
    main()
