# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTER after REGISTER over WSS, to the eP-CSCF and to a stock registrar.

Eight connections that stay open; each sample refreshes them all a few times.
The eP-CSCF validates a token and asks the core, which is a process here; the
stock one looks only whether there is an Authorization, and saves."""

import multiprocessing
import os
import time

from wic import Mw, Ua, Wic

CONNECTIONS = 8
REFRESHES = 15
ORIGINS = {"edge": "https://es256.test", "stock": "https://wwsf.test"}


def core(port):
    """Says 200 to each REGISTER."""
    with Mw(port=port, timeout=600) as mw:
        while True:
            request = mw.recv_sip()
            mw.answer(request, 200, headers=[
                ("Contact", f"{request.get('Contact')};expires=3600"),
                ("Service-Route", f"<{mw.uri};lr>"),
                ("P-Associated-URI", request.get("To"))])


def processes(pid):
    """The process and its children."""
    found = [pid]
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as f:
                parent = int(f.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
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
    """Both servers, with clients connected."""

    def __init__(self, args):
        with open(f"{args.data}/register.tokens", encoding="ascii") as f:
            self.tokens = f.read().split()
        self.args = args
        self.core = multiprocessing.Process(target=core, args=(args.core_port,), daemon=True)
        self.clients, self.pids = {}, {}

    def __enter__(self):
        self.core.start()
        for side in ("edge", "stock"):
            self.pids[side] = processes(getattr(self.args, side + "_pid"))
            self.clients[side] = [self._client(side, i) for i in range(CONNECTIONS)]
        return self

    def __exit__(self, *exc):
        for client, _ in sum(self.clients.values(), []):
            client.drop()
        self.core.terminate()
        self.core.join()

    def _client(self, side, i):
        wic = Wic("127.0.0.1", getattr(self.args, side), ca=getattr(self.args, side + "_ca"),
                  name="localhost", origin=ORIGINS[side], timeout=10)
        ua = Ua(f"sip:es256-wic{i + 1}@ims.test", token=self.tokens[i])
        return wic.connect(), ua

    def sample(self, side):
        """(CPU microseconds a REGISTER, REGISTERs a second)"""
        clients, pids = self.clients[side], self.pids[side]
        cpu, start = cpu_us(pids), time.monotonic()
        for _ in range(REFRESHES):
            asked = []
            for wic, ua in clients:
                asked.append(ua.register())
                wic.send_sip(asked[-1])
            for (wic, _), request in zip(clients, asked):
                status = wic.final(request).status
                if status != 200:
                    raise SystemExit(f"bench: {side} answers {status} to REGISTER")
        seconds, count = time.monotonic() - start, REFRESHES * len(clients)
        return (cpu_us(pids) - cpu) / count, count / seconds
