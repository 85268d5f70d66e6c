# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that are measured beside each other: their processes, clients that stay
connected over WSS, and the core that both ask, which is a process here.

A server without a CA (-) is met over plain WebSockets."""

import multiprocessing
import os
from collections import namedtuple

from wic import Ua, Wic

Server = namedtuple("Server", "port pids ca origin expires")
CONNECTIONS = 8


def processes(pids):
    """The processes and their children."""
    found = list(pids)
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as f:
                parent = int(f.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent in pids:
            found.append(int(name))
    return found


def cpu_us(pids):
    """CPU time of them all. schedstat counts what utime and stime do, but not
    in steps of 10 ms."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
            total += int(f.read().split()[0])
    return total / 1000


def registered(mw, request):
    """The core takes that REGISTER."""
    mw.answer(request, 200, headers=[
        ("Contact", f"{request.get('Contact')};expires=3600"),
        ("Service-Route", f"<{mw.uri};lr>"),
        ("P-Associated-URI", request.get("To"))])


class Sides:
    """The servers of a row, with clients connected. servers: name -> Server; core(port)
    never ends."""

    def __init__(self, servers, tokens, core, core_port):
        with open(tokens, encoding="ascii") as f:
            self.tokens = f.read().split()
        self.servers = servers
        self.core = multiprocessing.Process(target=core, args=(core_port,), daemon=True)
        self.clients, self.pids = {}, {}

    def __enter__(self):
        self.core.start()
        for name, server in self.servers.items():
            self.pids[name] = processes(server.pids)
            self.clients[name] = [self.client(name, i) for i in range(CONNECTIONS)]
        return self

    def __exit__(self, *exc):
        for client, _ in sum(self.clients.values(), []):
            client.drop()
        self.core.terminate()
        self.core.join()

    def client(self, name, i):
        """One that is connected, and its user agent."""
        server = self.servers[name]
        wic = Wic("127.0.0.1", server.port, ca=server.ca, name="localhost", origin=server.origin, timeout=10)
        ua = Ua(f"sip:es256-wic{i + 1}@ims.test", token=self.tokens[i])
        return (wic.connect() if server.ca != "-" else wic.tcp().upgrade()), ua
