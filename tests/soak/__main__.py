# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""make soak: runs the parts that have no result yet, one after the other, in the background, and
waits with a line a minute. Interrupted it goes on; called again it finds what runs.

    -m soak           PARTS, SOAK_AGAIN, SOAK_DOC of the environment: see soak.mk; size.py has the rest
    -m soak --stop    ends what runs in the background"""

import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import time

from . import report, result, size

PARTS = ("thousands", "lost", "restart", "fresh", "capacity", "overload", "hour")
HERE = pathlib.Path(__file__).resolve().parent
LOCK, LOG = size.DIR / "lock", size.DIR / "soak.log"
LOOK = min(5.0, size.MINUTE / 20)  # s


def wanted():
    """The parts, in order."""
    parts = os.environ.get("PARTS", "").split() or list(PARTS)
    for part in parts:
        if part not in PARTS:
            sys.exit(f"soak: there is no part {part}; there are {' '.join(PARTS)}")
    return parts


def lock(how):
    """The lock of who runs parts, or None when it is taken; its file says who has it."""
    file = LOCK.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def runner():
    """The process that runs parts, or None."""
    held = lock(fcntl.LOCK_SH)
    if held:
        held.close()
        return None
    return int(LOCK.read_text(encoding="ascii") or 0) or None


def run(parts):
    """One after the other; each is a session of its own. This process is one, too."""
    held = lock(fcntl.LOCK_EX)
    if not held:
        return 0  # somebody else was faster
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    stopped, running = [], []

    def stop(*_):
        stopped.append(True)
        for process in running:
            process.terminate()  # and no more: wait() is not to be called from within itself

    signal.signal(signal.SIGTERM, stop)
    for part in parts:
        if stopped:
            return 1
        with (size.DIR / f"{part}.log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen([HERE / "part.sh", part], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            running.append(process)
            if stopped:
                process.terminate()  # it was told a moment before there was one
            status = process.wait()
            running.clear()
        data = result.read(part)
        if status and not (data and "why" in data["facts"]):
            found = result.Result(part)  # its servers did not start, or complained in the end
            found.data.update((data or {}) | {"pid": os.getpid()})
            found.fact("why", f"part.sh ended with {status}: see {part}.log")
            found.end("failed")
    return int(bool(stopped))


def start(parts):
    """The runner, in the background."""
    with LOG.open("a", encoding="utf-8") as log:
        subprocess.Popen([sys.executable, "-m", "soak", "--run", *parts], stdin=subprocess.DEVNULL, stdout=log,
                         stderr=log, start_new_session=True)


def forget(parts):
    """They are to be run again."""
    for part in parts:
        (size.DIR / f"{part}.json").unlink(missing_ok=True)


def missing(parts):
    """Those without a result."""
    return [part for part in parts if (result.read(part) or {"state": "none"})["state"] not in ("done", "failed")]


def follow(parts):
    """Until the runner ends; a line a minute."""
    said = 0.0
    while runner():
        if time.monotonic() > said + size.MINUTE:
            said = time.monotonic()
            for part in parts:
                data = result.read(part)
                if data and data["state"] == "running":
                    print(f"{time.strftime('%H:%M')} {part}: {data['progress']}", flush=True)
        time.sleep(LOOK)


def wait(parts):
    """All of them, whoever started what runs."""
    follow(PARTS)
    todo = missing(parts)
    if todo:
        start(todo)
        end = time.monotonic() + 10
        while not runner() and missing(parts) and time.monotonic() < end:
            time.sleep(0.05)
        follow(PARTS)


def stop():
    """The runner ends its part, and that its servers."""
    pid = runner()
    if not pid:
        print("soak: nothing runs")
        return
    os.kill(pid, signal.SIGTERM)
    while runner():
        time.sleep(0.1)


def main():
    """Exit status 1 when a goal is missed or a part failed."""
    size.DIR.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:2] == ["--run"]:
        return run(sys.argv[2:])
    if sys.argv[1:] == ["--stop"]:
        return stop()
    parts = wanted()
    if not runner():
        forget(parts if os.environ.get("SOAK_AGAIN") else
               [part for part in parts if (result.read(part) or {"state": ""})["state"] == "failed"])
    try:
        wait(parts)
    except KeyboardInterrupt:
        print("\nsoak: it goes on in the background; make soak finds it, make soak-stop ends it")
        return 130
    results = [data for data in map(result.read, parts) if data]
    print(report.text(results))
    if os.environ.get("SOAK_DOC"):
        report.write_doc(results)
    return int(len(results) < len(parts) or any(d["state"] != "done" or result.missed(d) for d in results))


if __name__ == "__main__":
    sys.exit(main())
