# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""wims-load, driven by commands: tests/tools/README.md has them and what each says in the end."""

import json
import queue
import subprocess
import sys
import threading
import time

from . import size

BATCH_SECONDS = 2  # a WIC that registers nothing within 10 s is closed
TRIES = 5  # within those 10 s
LATE_MOST, CPU_MOST = 50, 0.9  # p99 in ms and share of a processor from which on wims-load is the limit


class Load:
    """One wims-load. What it says of each command goes into the result."""

    def __init__(self, result, server, ca, users, core=None, **options):
        args = ["--connect", f"127.0.0.1:{server.port}", "--name", "localhost", "--ca", ca,
                "--users", str(users), "--sources", "127.1.0.1-127.1.3.232"]
        if core:
            args += ["--core", core, "--edge", server.mw]
        for name, value in options.items():
            args += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
        self.result, self.said, self.background = result, queue.Queue(), {}
        self.quiet = ()  # commands that the result has no line of
        self.refused = 0  # first REGISTERs that were to be sent again
        self.program = subprocess.Popen([size.TOP / "build/tools/wims-load", *args], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.program.stdout:
            self.said.put(json.loads(line))
        self.said.put(None)

    def tell(self, *command):
        """Of which the end is not waited for, with "&" at its end: started() has what it says."""
        if command[-1] == "&":
            self.background.setdefault(command[0], [])
        self.program.stdin.write(" ".join(map(str, command)) + "\n")
        self.program.stdin.flush()

    def do(self, *command, limit=3600):
        """What it says in the end. What commands in the background say meanwhile is kept, too."""
        self.tell(*command)
        return self._answer(command[0], time.monotonic() + limit)

    def _next(self, end):
        """The next answer to anything."""
        answer = self.said.get(timeout=max(0.1, end - time.monotonic()))
        if answer is None:
            sys.exit("wims-load has ended")
        said = answer["command"]
        if said != "sleep" and said not in self.quiet:
            self.result.load(answer)
        if said in self.background:
            self.background[said].append(answer)
        return answer

    def _answer(self, verb, end):
        while (answer := self._next(end))["command"] != verb:
            pass
        return answer

    def started(self, verb):
        """All that commands in the background with this verb say, histograms too; it waits for them."""
        self.do("wait")
        return self.background.pop(verb, [])

    def next(self, verb, limit=3600):
        """What the first command in the background with this verb says, or has said."""
        end = time.monotonic() + limit
        while not self.background[verb]:
            self._next(end)
        return self.background[verb].pop(0)

    def hold(self, count, rate, register=True):
        """So many more WICs, registered as they come: in batches, so that none waits long."""
        left = count
        while left > 0:
            batch = min(left, max(1, round(rate * BATCH_SECONDS)))
            checked(self.do("open", batch, rate), batch)
            if register:
                self._register(batch, rate)
            left -= batch

    def _register(self, count, rate):
        """All of them. A node that is busy for a moment refuses some: they ask again."""
        answer = self.do("register", count, rate)
        for _ in range(TRIES):
            left = answer["failed"].get("503", 0)
            if not left or left + answer["ok"] != count:
                break
            self.refused += left
            self.do("sleep", 1)
            count, answer = left, self.do("register", left, rate)
        checked(answer, count)

    def judge(self, live, name="", closed=0, ring=True):
        """The end: so many are registered, the server has ended no connection (but `closed`, before),
        and who is called rings as the ledger has it."""
        now = self.do("sleep", 0)
        self.result.figure(f"{name}WICs registered in the end", now["wics"]["registered"], "", least=live, most=live)
        self.result.figure(f"{name}connections that the server ended", closes(now) - closed, "", most=0)
        self.result.figure(f"{name}first REGISTERs refused", self.refused, "")
        if ring:
            self.result.progress(f"{name}everybody is rung")
            rung = self.do("ring", size.rate(100))
            self.result.figure(f"{name}WICs that rang", rung["rang"], "", least=live, most=live)
            self.result.figure(f"{name}other IMPUs, refused", rung["refused"] + rung["nowhere"], "")
            self.result.figure(f"{name}either would have been right", rung["doubtful"], "", most=0)
            self.result.figure(f"{name}not so", sum(rung["failed"].values()), "", most=0)
            self.result.fact(f"{name}ring", rung["failed"])
        self.result.figure(f"{name}ledger clean", int(self.end() == 0), "", least=1)

    def end(self):
        """Its exit status: 0 when the ledger was clean."""
        if self.program.poll() is None:
            self.tell("quit")
        return self.program.wait(timeout=60)


def checked(answer, count):
    """All of them, or the part ends: what follows would say nothing."""
    if answer["ok"] != count:
        sys.exit(f"{answer['command']}: {answer['ok']} of {count}, failed: {answer['failed']}")


def closes(answer):
    """Connections that the server has ended so far."""
    return sum(answer["closes"].values())


def late(answer):
    """p99 in ms of how late wims-load began what was due, and its share of a processor."""
    return answer["late_us"]["p99"] / 1000, answer["cpu"] / answer["seconds"]


def generator(answer):
    """Is wims-load the limit of that?"""
    behind, cpu = late(answer)
    return behind > LATE_MOST or cpu > CPU_MOST


def failures(answers):
    """What failed in all of them, by cause."""
    total = {}
    for answer in answers:
        for why, number in answer["failed"].items():
            total[why] = total.get(why, 0) + number
    return total


def ms(answer, which):
    """A latency in ms."""
    return answer["us"][which] / 1000
