# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""REGISTER after REGISTER, answered by the eP-CSCF itself.

Eight connections that stay open; each sample refreshes them all a few times. answer.cfg
looks at the token when Expires says so; others are registrars of a range."""

from sides import Sides, cpu_us, registered
from wic import Mw

CHECKED = 601  # Expires that has answer.cfg look at the token
REFRESHES = 120  # of each client in a sample


def core(port):
    """Says 200 to each REGISTER."""
    with Mw(port=port, timeout=600) as mw:
        while True:
            registered(mw, mw.recv_sip())


class Registers(Sides):
    """REGISTERs to the servers of a row."""

    def __init__(self, servers, tokens, core_port):
        super().__init__(servers, tokens, core, core_port)

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
        """CPU microseconds a REGISTER."""
        clients, pids = self.clients[name], self.pids[name]
        cpu = cpu_us(pids)
        for _ in range(REFRESHES):
            asked = []
            for wic, ua in clients:
                asked.append(ua.register(self.servers[name].expires))
                wic.send_sip(asked[-1])
            for (wic, _), request in zip(clients, asked):
                status = wic.final(request).status
                if status != 200:
                    raise SystemExit(f"bench: {name} answers {status} to REGISTER")
        return (cpu_us(pids) - cpu) / (REFRESHES * len(clients))
