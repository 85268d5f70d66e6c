# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two nodes and the range that one of them registers."""

import time

from nodes import Nodes
from ranges import RANGES, Ranges

RANGE = RANGES[0]
OF_TWO = RANGES[1]  # which node 2 alone may register
AT_FIRST = RANGES[2]
LEASE = 4  # s
SOON = 1.5  # s; a node asks once a second


class Leases(Nodes, Ranges):
    """The Scene of such a case."""

    def __init__(self):
        super().__init__()
        self.both = [self.at(1), self.at(2)]

    @staticmethod
    def row(node, of=RANGE):
        """What a node says of the range."""
        return next((row for row in node.rows("webrtc_ims.ranges") if row.get("range") == of.wildcard), {})

    def ours(self, nodes=None):
        """The nodes that register the range, and may just now."""
        rows = ((node, self.row(node)) for node in nodes or self.both)
        return [node for node, row in rows if row.get("registered_by") == "ours" and row["lease"] > 0]

    def holder(self, seconds=SOON, nodes=None):
        """The one node that does, and the other."""
        self.comes(1, lambda: len(self.ours(nodes)), "nodes that register the range", seconds)
        one = self.ours(nodes)[0]
        return one, next(node for node in self.both if node is not one)

    def know_each_other(self):
        """Calls go on to a node only when it is known to live."""
        self.comes([2, 2], lambda: [node.counter("registrar_nodes") for node in self.both], "nodes that live", 10)

    def all_are(self, state, seconds=SOON):
        """Both say the same of it."""
        self.comes([state] * 2, lambda: [self.row(node).get("state") for node in self.both],
                   "the range at both nodes", seconds)

    def in_core(self, node, seconds=SOON, of=RANGE):
        """The core has one Contact, of that node."""
        self.comes([True], lambda: [self.row(node, of)["contact"] in line and f"@{node.mw[0]}:" in line
                                    for line in self.core("registered", of.to).splitlines()],
                   f"the one Contact in the core is that of {node.name}", seconds)

    def is_told(self, node):
        """That node is subscribed to the registration, and has heard of it once."""
        self.comes([True], lambda: [row["state"] == "active" and row["notifies"] > 0
                                    for row in node.rows("webrtc_ims.subscriptions") if row["identity"] == RANGE.to],
                   f"{node.name} is subscribed and told")

    def said_to_core(self):
        """REGISTERs and de-REGISTERs that the core got for the range."""
        gone = self.registers_of(RANGE.to, 0)
        return self.registers_of(RANGE.to) - gone, gone

    def stays(self, want, test, what, seconds):
        """test() is that, all the time."""
        end, got = time.monotonic() + seconds, want
        while got == want and time.monotonic() < end:
            got = test()
            time.sleep(0.2)
        self.eq(got, want, what)
