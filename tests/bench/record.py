#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What figures are taken on: machine, versions, the commit, when, and what else the machine did.
It is taken when a run begins, before anything of its own works, and goes into the raw numbers.

  record.py [--idle SECONDS]   as JSON; with --idle only once the machine has nothing else to do,
                               and exit status 1 when it has after so many seconds"""

import argparse
import json
import os
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What is measured, and by what: a change elsewhere makes no other figures
MEASURED = ("modules", "kamailio-cfg", "tests/bench", "tests/soak", "tests/tools", "Makefile")
PACKAGES = ("kamailio", "libssl3", "libjwt0", "libjansson4", "libpcre2-8-0", "redis-server")
IDLE = 0.7  # load average of a minute; a desktop that nobody uses has less
WAIT = 5  # s


def output(*command):
    """Of a program; empty where it fails, as git does outside of a repository."""
    done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def first_line(path, word):
    """What stands behind that word in a file."""
    with open(path, encoding="utf-8") as f:
        return next((line.partition(":")[2].strip() for line in f if line.startswith(word)), "?")


def read(path):
    """A file of one line."""
    with open(path, encoding="ascii") as f:
        return f.read().strip()


def commit():
    """Of what is measured; "changed" when a file of it is not as committed."""
    changed = output("git", "status", "--porcelain", "--", *MEASURED)
    return (output("git", "rev-parse", "--short=12", "HEAD") or "unknown") + (", changed" if changed else "")


def record():
    """All of it, for the raw numbers."""
    debian = read("/etc/debian_version")
    memory = round(int(first_line("/proc/meminfo", "MemTotal").split()[0]) / 2**20)
    return {
        "machine": f"{first_line('/proc/cpuinfo', 'model name')}, {os.cpu_count()} CPUs, {memory} GB",
        "system": f"Debian {debian}; Linux {'.'.join(os.uname().release.split('.')[:2])}, "
                  f"net.core.rmem_max {read('/proc/sys/net/core/rmem_max')}",
        "packages": output("dpkg-query", "-W", "-f", "${Package} ${Version}, ", *PACKAGES).rstrip(", "),
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "loadavg": os.getloadavg(),
    }


def text(found):
    """The same in a line, to stand above a table: runs of one day and commit are one table."""
    other = f"; the machine did other work (load {found['loadavg'][0]:.1f})" if busy(found) else ""
    return (f"{found['machine']}; {found['system']}; {found['packages']}; webrtc_ims at {found['commit']}; "
            f"{found['date'].split()[0]}{other}")


def busy(found):
    """Did the machine do anything else when that was taken?"""
    return found["loadavg"][0] > IDLE


def main():
    """Waits, if it is told so, for what ran just before is still in the load average."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--idle", type=float, default=0, metavar="SECONDS")
    args = ap.parse_args()
    end = time.monotonic() + args.idle
    found = record()
    while busy(found) and time.monotonic() < end:
        time.sleep(WAIT)
        found = record()
    print(json.dumps(found))
    if busy(found):
        print(f"this machine does other work (load {found['loadavg'][0]:.1f}, not {IDLE}): the figures say little", file=sys.stderr)
    return bool(args.idle and busy(found))


if __name__ == "__main__":
    sys.exit(main())
