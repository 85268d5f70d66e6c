# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases on several eP-CSCFs in network namespaces (cluster.sh)."""

import copy
import json

from crowd import Place
from forking import Fork
from wic import Dialog

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

    def talk(self, caller, invite, callee, got):
        """The callee answers, and both are in a call that the caller ends."""
        callee.reply(got, 200)
        final = caller.final(invite)
        if not self.eq(final.status, 200, f"call to {callee.user}"):
            return
        dialog = Dialog.of_caller(final)
        send = getattr(caller, "send_in_dialog", caller.send_sip)
        send(caller.ua.ack(dialog))
        callee.expect("ACK")
        bye = caller.ua.bye(dialog)
        send(bye)
        callee.reply(callee.expect("BYE"), 200)
        self.eq(caller.final(bye).status, 200, f"BYE to {callee.user}")

    def own_branch(self, phone, got, what):
        """It is this WIC's own; the way through core and nodes differs."""
        self.eq((got.uri, got.all("Route")), (phone.ua.contact.strip("<>"), []), f"Request-URI and Route: {what}")
