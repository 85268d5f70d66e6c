# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTER after REGISTER over WSS, to the eP-CSCF and to a stock registrar.

Eight connections that stay open; each sample refreshes them all a few times.
The eP-CSCF validates a token and asks the core, which is a process here; the
stock one looks only whether there is an Authorization, and saves. A third one
(answer.cfg) answers 200 itself, and looks at the token when Expires says so."""

import time

from sides import Sides, cpu_us, registered
from wic import Mw

CHECKED = 601  # Expires that has answer.cfg look at the token
# Of each client in a sample. Where tm keeps each for five seconds, more of them
# are more memory to look through; where none is kept, more are less noise.
REFRESHES, REFRESHES_STATELESS = 15, 120


def core(port):
    """Says 200 to each REGISTER."""
    with Mw(port=port, timeout=600) as mw:
        while True:
            registered(mw, mw.recv_sip())


class Registers(Sides):
    """REGISTERs to the servers of a row."""

    def __init__(self, servers, tokens, core_port):
        super().__init__(servers, tokens, core, core_port)
        self.refreshes = REFRESHES if "stock" in servers else REFRESHES_STATELESS

    def __enter__(self):
        super().__enter__()
        for name in self.servers:
            if name.startswith("checked"):
                self._must_refuse(name)
        return self

    def _must_refuse(self, name):
        """A broken token, where tokens are to be looked at."""
        wic, ua = self.client(name, 0)
        status = wic.ask(ua.register(CHECKED, token=ua.token[:-8] + "AAAAAAAA")).status
        wic.drop()
        if status != 401:
            raise SystemExit(f"bench: a broken token is answered {status}")

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
