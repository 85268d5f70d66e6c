# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases on several eP-CSCFs in network namespaces (cluster.sh)."""

import copy
import json

from crowd import Place
from forking import Fork

OWN_HOST = "10.20.2.100"


class Clustered(Fork):
    """Scene on the host of the WICs; at(edge) is the same at one eP-CSCF."""

    def __init__(self):
        self.tally = [0, 0]
        super().__init__()
        self.place, self.own_host = Place(self.run), OWN_HOST
        self.edge = next(iter(self.place.edges))
        self.host = self.place.edges[self.edge][0]

    # one count for all views
    checks = property(lambda self: self.tally[0], lambda self, n: self.tally.__setitem__(0, n))
    failures = property(lambda self: self.tally[1], lambda self, n: self.tally.__setitem__(1, n))

    def at(self, edge):
        """The same surroundings, as seen at that eP-CSCF."""
        view = copy.copy(self)
        view.edge, view.host = edge, self.place.edges[edge][0]
        return view

    def rpc(self, *command):
        return self.place.rpc(self.edge, *command)

    def on_mw(self, since=0.0):
        """Requests that hosts sent on Mw from then on (monotonic s)."""
        with open(f"{self.run}/../mw.log", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines.read().rpartition("\n")[0].splitlines()[1:]]
        return [row for row in rows if row["t"] >= since]

    def own_branch(self, phone, got, what):
        """It is this WIC's own; the way through core and nodes differs."""
        self.eq((got.uri, got.all("Route")), (phone.ua.contact.strip("<>"), []), f"Request-URI and Route: {what}")
