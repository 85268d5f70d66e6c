# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A Kamailio that is soaked: its RPC, its processes, its log."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import time


ALARMS = ("BUG", "CRITICAL", "ERROR")
DYING = "receive_fd(): EOF on"  # a worker that sees the end of tcp main before its own


class Server:
    """NAME=PORT,PID,MW as part.sh says it; its RPC socket and log are in the run directory."""

    def __init__(self, run_dir, text):
        self.name, _, rest = text.partition("=")
        port, pid, mw = rest.split(",")
        self.port, self.started, self.mw = int(port), int(pid), mw
        self.ctl = f"unix:{run_dir}/run/{self.name}.ctl"
        self.log = pathlib.Path(run_dir) / "log" / f"{self.name}.log"

    def rpc(self, *command, limit=20):
        """What kamcmd prints."""
        return subprocess.run(["kamcmd", "-s", self.ctl, *command], stdout=subprocess.PIPE,
                              text=True, check=True, timeout=limit).stdout

    def pids(self):
        """Of all processes, and what each is called."""
        found, seen = {}, {}
        kamailio = dict(re.findall(r"PID: (\d+)\s.*?DSC: ([^\n]*)", self.rpc("core.psx"), re.S))
        for pid in group(self.started):
            what = kamailio.get(str(pid), "").strip() or command(pid)
            if str(pid) not in kamailio and pid == self.started:
                continue  # what starts Kamailio again
            seen[what] = seen.get(what, 0) + 1
            found[pid] = f"{what} #{seen[what]}" if seen[what] > 1 else what
        return found

    def cpu_us(self):
        """CPU time of all processes until now."""
        return sum(cpu_ns(pid) for pid in group(self.started)) / 1000

    def shm(self):
        """Bytes of shared memory: {used, real_used, total, ...}"""
        return {key: int(value) for key, value in re.findall(r"(\w+): (\d+)", self.rpc("core.shmmem"))}

    def shm_by_place(self):
        """Bytes of shared memory by "module: function(line)" of who allocated them."""
        found, module = {}, ""
        for line in self.rpc("mod.stats", "all", "shm", limit=300).splitlines():
            key, _, value = line.strip().partition(": ")
            if key == "Module":
                module = value
            elif value.isdigit() and key != "Total":
                found[f"{module}: {key}"] = int(value)
        return found

    def shm_pieces(self):
        """How many there are in use. The server stands still while they are counted."""
        return sum(map(int, re.findall(r" \((\d+)\)$", self.rpc("mod.mem_statsx", "all", "shm"), re.M)))

    def shm_of(self, module):
        """Bytes of shared memory that it has. The server stands still while they are counted; that is over
        when this returns."""
        found = sum(value for place, value in self.shm_by_place().items() if place.startswith(f"{module}: "))
        self.wait_idle()
        return found

    def pkg(self):
        """Bytes of private memory that each process uses, by pid."""
        rows = re.findall(r"pid: (\d+)\s.*?\bused: (\d+)", self.rpc("pkg.stats"), re.S)
        return {int(pid): int(used) for pid, used in rows}

    def connections(self):
        """Over TLS."""
        return int(re.search(r"opened_tls_connections: (\d+)", self.rpc("core.tcp_info"))[1])

    def counters(self):
        """Of webrtc_ims."""
        return {key: int(value) for key, value in
                re.findall(r"webrtc_ims:(\w+) = (\d+)", self.rpc("stats.get_statistics", "webrtc_ims:"))}

    def level(self):
        """Of overload; a stock Kamailio has none."""
        found = re.search(r"level: (\d+)", self.rpc("webrtc_ims.load"))
        return int(found[1]) if found else 0

    def wait_idle(self, limit=60):
        """Until the level of overload is 0, or for so long."""
        end = time.monotonic() + limit
        while self.level() and time.monotonic() < end:
            time.sleep(0.2)

    def alarms(self, most=20):
        """How many lines of the log are alarming, and how often each kind of them is there."""
        counts, kinds = dict.fromkeys(ALARMS, 0), {}
        with self.log.open(encoding="utf-8", errors="replace") as log:
            for line in log:
                word = next((word for word in ALARMS if re.search(rf"\b{word}\b", line)), None)
                if word and DYING not in line:
                    counts[word] += 1
                    kind = re.sub(r"0x[0-9a-f]+|\d+", "N", line[line.index(word):].rstrip())[:200]
                    kinds[kind] = kinds.get(kind, 0) + 1
        return counts, {kind: kinds[kind] for kind in sorted(kinds, key=kinds.get, reverse=True)[:most]}

    def wait_range(self, text, limit=60):
        """Until the range is registered in the core; it is asked at once and again."""
        end = time.monotonic() + limit
        while not re.search(r"state: registered", self.rpc("webrtc_ims.ranges")):
            if time.monotonic() > end:
                raise TimeoutError(f"the range is not registered: {self.rpc('webrtc_ims.ranges')}")
            if "state: retry" in self.rpc("webrtc_ims.ranges"):
                self.rpc("webrtc_ims.range", "register", text)
            time.sleep(0.1)

    def kill(self):
        """SIGKILL to all processes of Kamailio, to none of what started it."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):  # one that rests without its parent ends by itself
                os.kill(pid, signal.SIGKILL)


def group(leader):
    """The processes of a process group."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            found.append(int(stat.parent.name))
    return sorted(found)


def command(pid):
    """What a process that is none of Kamailio's is called."""
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "gone"


def cpu_ns(pid):
    """schedstat counts what utime and stime do, but not in steps of 10 ms."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0


def memory(pid):
    """Bytes of one process: (RSS, anonymous), and its open files; zeros when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            kb = dict(re.findall(r"(VmRSS|RssAnon):\s+(\d+) kB", f.read()))
        files = sum(1 for _ in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0, 0, 0
    return int(kb.get("VmRSS", 0)) * 1024, int(kb.get("RssAnon", 0)) * 1024, files


def pss(pid):
    """Bytes, shared pages by their share; 0 when it is gone. The kernel looks at each page for that."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            return int(re.search(r"^Pss: +(\d+) kB", f.read(), re.M)[1]) * 1024
    except OSError:
        return 0
