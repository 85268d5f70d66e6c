# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at a server again and again: memory, open files, the level of overload."""

import threading
import time

from .server import memory, pss

KB = 1024
COSTS_EACH = 12  # samples; these cost the server: PSS, and to count pieces of shared memory


class Sampler(threading.Thread):
    """Rows of the series "server" (all processes together) and, in KB and files, a column a
    process, "pkg", "anon", "pss" and "files"; their names begin with the prefix. The last column
    of "pss" is the sum. It has fewer rows, as "pieces" has."""

    def __init__(self, result, server, seconds, prefix=""):
        super().__init__(daemon=True)
        self.server, self.seconds, self.over = server, seconds, threading.Event()
        self.begun, self.failed = time.monotonic(), None
        self.processes = server.pids()
        names = ["s", *self.processes.values()]
        self.each = {name: result.series(prefix + name, names) for name in ("pkg", "anon", "files")}
        self.pss, self.taken = result.series(prefix + "pss", [*names, "all"]), 0
        self.pieces = result.series(prefix + "pieces", ["s", "shm_pieces"])
        self.all = result.series(prefix + "server", ["s", "shm_used", "shm_real_used", "pkg", "rss", "anon", "files", "level"])

    def run(self):
        try:
            while not self.over.is_set():
                self.take()
                self.over.wait(self.seconds - (time.monotonic() - self.begun) % self.seconds)
        except Exception as error:  # pylint: disable=broad-except # told by stop()
            self.failed = error

    def take(self):
        """One sample."""
        now = round(time.monotonic() - self.begun, 2)
        shm, pkg = self.server.shm(), self.server.pkg()
        rows = [memory(pid) for pid in self.processes]
        rss, anon, files = ([row[i] for row in rows] for i in range(3))
        private = [pkg.get(pid, 0) for pid in self.processes]
        self.all(now, shm["used"], shm["real_used"], sum(private), sum(rss), sum(anon), sum(files),
                 self.server.level())
        for name, row in (("pkg", private), ("anon", anon)):
            self.each[name](now, *(value // KB for value in row))
        if self.taken % COSTS_EACH == 0:
            self.pieces(now, self.server.shm_pieces())
            shares = [pss(pid) // KB for pid in self.processes]
            self.pss(now, *shares, sum(shares))
        self.taken += 1
        self.each["files"](now, *files)

    def stop(self):
        """The last sample is taken; raises what went wrong meanwhile."""
        self.over.set()
        self.join()
        if self.failed:
            raise self.failed
