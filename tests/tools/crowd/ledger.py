# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What WICs were told, and when: a row for each answer and each end."""

import json
import threading
import time
from collections import Counter


class Ledger:
    """Rows are dicts with t (s of the monotonic clock) and what. They are kept
    in memory and, a line each, in a file that can be read after a failure."""

    def __init__(self, path):
        self._lock = threading.Lock()
        self._file = open(path, "w", encoding="utf-8")
        self.rows = []

    def add(self, what, **fields):
        """One more row; returns it."""
        row = {"t": time.monotonic(), "what": what, **fields}
        with self._lock:
            self.rows.append(row)
            self._file.write(json.dumps(row) + "\n")
            self._file.flush()
        return row

    def since(self, since=0.0):
        """All rows from then on, in order."""
        with self._lock:
            return [row for row in self.rows if row["t"] >= since]

    def of(self, what, since=0.0):
        """Rows of that kind from then on."""
        return [row for row in self.since(since) if row["what"] == what]

    def count(self, what, field, since=0.0):
        """How often each value of a field is in such rows."""
        return Counter(row[field] for row in self.of(what, since))
