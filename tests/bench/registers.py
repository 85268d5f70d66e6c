# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTER after REGISTER over WSS, to the eP-CSCF and to a stock registrar.

A server without a CA (-) is met over plain WebSockets.

Eight connections that stay open; each sample refreshes them all a few times.
The eP-CSCF validates a token and asks the core, which is a process here; the
stock one looks only whether there is an Authorization, and saves. A third one
(answer.cfg) answers 200 itself, and looks at the token when Expires says so."""

import multiprocessing
import os
import time
from collections import namedtuple

from wic import Mw, Ua, Wic

Server = namedtuple("Server", "port pids ca origin expires")
CONNECTIONS = 8
CHECKED = 601  # Expires that has answer.cfg look at the token
# Of each client in a sample. Where tm keeps each for five seconds, more of them
# are more memory to look through; where none is kept, more are less noise.
REFRESHES, REFRESHES_STATELESS = 15, 120


def core(port):
    """Says 200 to each REGISTER."""
    with Mw(port=port, timeout=600) as mw:
        while True:
            request = mw.recv_sip()
            mw.answer(request, 200, headers=[
                ("Contact", f"{request.get('Contact')};expires=3600"),
                ("Service-Route", f"<{mw.uri};lr>"),
                ("P-Associated-URI", request.get("To"))])


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


class Registers:
    """Both servers of a row, with clients connected. servers: name -> Server."""

    def __init__(self, servers, tokens, core_port):
        self.refreshes = REFRESHES if "stock" in servers else REFRESHES_STATELESS
        with open(tokens, encoding="ascii") as f:
            self.tokens = f.read().split()
        self.servers = servers
        self.core = multiprocessing.Process(target=core, args=(core_port,), daemon=True)
        self.clients, self.pids = {}, {}

    def __enter__(self):
        self.core.start()
        for name, server in self.servers.items():
            self.pids[name] = processes(server.pids)
            if name.startswith("checked"):
                self._must_refuse(server)
            self.clients[name] = [self._client(server, i) for i in range(CONNECTIONS)]
        return self

    def __exit__(self, *exc):
        for client, _ in sum(self.clients.values(), []):
            client.drop()
        self.core.terminate()
        self.core.join()

    def _must_refuse(self, server):
        """A broken token, where tokens are to be looked at."""
        wic, ua = self._client(server, 0)
        status = wic.ask(ua.register(CHECKED, token=ua.token[:-8] + "AAAAAAAA")).status
        wic.drop()
        if status != 401:
            raise SystemExit(f"bench: a broken token is answered {status}")

    def _client(self, server, i):
        wic = Wic("127.0.0.1", server.port, ca=server.ca, name="localhost", origin=server.origin, timeout=10)
        ua = Ua(f"sip:es256-wic{i + 1}@ims.test", token=self.tokens[i])
        return (wic.connect() if server.ca != "-" else wic.tcp().upgrade()), ua

    def sample(self, name):
        """(CPU microseconds a REGISTER, REGISTERs a second)"""
        clients, pids = self.clients[name], self.pids[name]
        cpu, start = cpu_us(pids), time.monotonic()
        for _ in range(self.refreshes):
            asked = []
            for wic, ua in clients:
                asked.append(ua.register(self.servers[name].expires))
                wic.send_sip(asked[-1])
            for (wic, _), request in zip(clients, asked):
                status = wic.final(request).status
                if status != 200:
                    raise SystemExit(f"bench: {name} answers {status} to REGISTER")
        seconds, count = time.monotonic() - start, self.refreshes * len(clients)
        return (cpu_us(pids) - cpu) / count, count / seconds
