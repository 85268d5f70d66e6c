# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions of processes that run under callgrind, and whose they were.

A Counter is a number for each function; a function is (object, name)."""

import glob
import os
import re
import subprocess
from collections import Counter

OURS = "webrtc_ims.so"
UNNAMED = re.compile(r"^0x[0-9a-f]+$")
RECURSION = re.compile(r"'\d+$")
MEMORY = re.compile(r"^(qm|fm|tlsf)_|^(sh|pk)m_|^_?(int_)?(malloc|free|calloc|realloc)(_consolidate)?$|^unlink_chunk")
# Columns of the tables: what an object is, by its name.
OBJECTS = (("webrtc_ims", re.compile(r"^webrtc_ims\.so$")), ("libcrypto, libssl", re.compile(r"^lib(crypto|ssl)\.so")),
           ("Kamailio", re.compile(r"^kamailio$")), ("tm, sl", re.compile(r"^(tm|sl)\.so$")),
           ("websocket, tls", re.compile(r"^(websocket|tls)\.so$")),
           ("usrloc, registrar", re.compile(r"^(usrloc|registrar)\.so$")), ("libc", re.compile(r"^(libc|ld-linux.*)\.so")))
ALLOCATOR, OTHERS = "allocator", "others"
PARTS = (OBJECTS[0][0], ALLOCATOR, *(name for name, _ in OBJECTS[1:]), OTHERS)


class Costs:
    """Exclusive and inclusive instructions of functions; `entered` is what calls into our
    module from elsewhere cost, with all that it called."""

    def __init__(self):
        self.self_, self.calls, self.entered = Counter(), Counter(), 0

    def minus(self, other, count):
        """The difference of two, for each of so many messages."""
        left = Costs()
        for mine, theirs, to in ((self.self_, other.self_, left.self_), (self.calls, other.calls, left.calls)):
            for function in mine.keys() | theirs.keys():
                to[function] = (mine[function] - theirs[function]) / count
        left.entered = (self.entered - other.entered) / count
        return left

    def total(self):
        """All instructions."""
        return sum(self.self_.values())

    def inclusive(self, function):
        """What a function took with all that it called."""
        return self.self_[function] + self.calls[function]

    def parts(self):
        """Instructions by PARTS."""
        found = Counter({name: 0 for name in PARTS})
        for function, cost in self.self_.items():
            found[part_of(function)] += cost
        return found


def part_of(function):
    """Which of PARTS it is."""
    ob, name = function
    if ob != OURS and MEMORY.match(name):
        return ALLOCATOR
    return next((part for part, like in OBJECTS if like.match(ob)), OTHERS)


class Reader:
    """Reads one dump. Names are written out once, and by number after that."""

    def __init__(self, costs):
        self.costs, self.names = costs, {}
        self.ob = self.fn = self.callee_ob = self.callee = None
        self.is_call = False

    def name(self, kind, text):
        """The text of "(3) text" or of an earlier one with that number."""
        number, _, rest = text.partition(" ")
        if rest:
            self.names[kind, number] = rest
        return self.names[kind, number]

    def line(self, text):
        """One line of the file."""
        key, equals, value = text.partition("=")
        if equals and key in ("ob", "cob"):
            found = os.path.basename(self.name("ob", value))
            if key == "ob":
                self.ob = found
            else:
                self.callee_ob = found
        elif equals and key in ("fn", "cfn"):
            name = RECURSION.sub("", self.name("fn", value))
            if key == "fn":
                self.fn = self.ob, name
            else:
                self.callee = self.callee_ob or self.ob, name
        elif equals and key == "calls":
            self.is_call = True
        elif text[:1] in "0123456789+-*" and text[:1]:
            self.cost(int(text.split()[1]))

    def cost(self, cost):
        """Of a line of code, or of the call before it."""
        if not self.is_call:
            self.costs.self_[self.fn] += cost
            return
        self.is_call = False
        if self.callee != self.fn:  # else it is in its own figure
            self.costs.calls[self.fn] += cost
        if self.callee[0] == OURS != self.fn[0]:
            self.costs.entered += cost
        self.callee_ob = None


def read(paths):
    """The Costs of several dumps together."""
    costs = Costs()
    for path in paths:
        reader = Reader(costs)
        with open(path, encoding="utf-8", errors="replace") as f:
            for text in f:
                reader.line(text.rstrip("\n"))
    return costs


class Processes:
    """Processes under callgrind whose dumps are folder/PID.N."""

    def __init__(self, pids, folder):
        self.pids, self.folder, self.seen = pids, folder, set()
        self._control("-i", "on")

    def _control(self, *words):
        done = subprocess.run(["callgrind_control", *words, *map(str, self.pids)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode or done.stdout.count("OK.") != len(self.pids):
            raise SystemExit(f"profile: callgrind_control {' '.join(words)}: {done.stdout}")

    def costs(self):
        """What they did since this was called last."""
        self._control("-d")
        paths = {path for pid in self.pids for path in glob.glob(f"{self.folder}/{pid}.*")}
        new, self.seen = paths - self.seen, paths
        if len(new) != len(self.pids):
            raise SystemExit(f"profile: {len(new)} dumps of {len(self.pids)} processes")
        return read(new)
