# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls that go on whatever happens."""

import random
import threading


class Load(threading.Thread):
    """Calls somebody who is registered, so many times a second."""

    def __init__(self, crowd, rate):
        super().__init__(name="load", daemon=True)
        self.crowd, self.pause, self.over, self.rows = crowd, 1 / rate, threading.Event(), []

    def run(self):
        while not self.over.wait(self.pause):
            live = self.crowd.live()
            now = random.choice(live).registration if live else None
            if now:
                row = self.crowd.caller.call(now["impu"])
                row["edge"] = now["edge"]
                self.rows.append(row)

    def end(self):
        """Stops it; the rows of its calls, with the node of the WIC (edge)."""
        self.over.set()
        self.join()
        return self.rows
