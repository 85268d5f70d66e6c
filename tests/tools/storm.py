#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A storm of WSS clients: connect, upgrade, REGISTER, close, many at once.

Half of the clients break off at one of the points in BREAKS, by FIN or by
RST. What client number i does follows from --seed and i alone. Exit status:
0 all good clients were served and the server lives, 1 some were not, 2 wrong
usage, 3 the server died."""

import argparse
import collections
import multiprocessing
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wic import Ua, Wic, WicClosed, WicRefused, WicTimeout, client_hello, tls_context
from wic import frames

REVIVE = 1.0  # s of refused connections after which the server counts as dead
HELLO = client_hello()


# --- break points: each brings a fresh Wic to its point and leaves it there
def after_tcp(wic, ctx, rng):
    """Connected, not a byte sent."""
    wic.tcp()


def mid_client_hello(wic, ctx, rng):
    """A good ClientHello, cut anywhere."""
    wic.tcp().link.send(HELLO[: rng.randrange(1, len(HELLO))])


def garbage_client_hello(wic, ctx, rng):
    """A TLS record head with noise in it."""
    noise = rng.randbytes(rng.randrange(1, 400))
    wic.tcp().link.send(b"\x16\x03\x01" + len(noise).to_bytes(2, "big") + noise)


def damaged_client_hello(wic, ctx, rng):
    """A good ClientHello with one byte changed."""
    bad = bytearray(HELLO)
    bad[rng.randrange(5, len(bad))] ^= rng.randrange(1, 256)
    wic.tcp().link.send(bad)


def after_client_hello(wic, ctx, rng):
    """A good ClientHello, the server's flight not read."""
    wic.tcp().link.send(HELLO)


def after_tls(wic, ctx, rng):
    """TLS is up, nothing in it."""
    wic.tcp().tls(ctx)


def bad_tls_record(wic, ctx, rng):
    """TLS is up, then bytes that are no record of it."""
    after_tls(wic, ctx, rng)
    wic.link.send_below_tls(b"\x17\x03\x03\x00\x40" + rng.randbytes(64))


def mid_upgrade(wic, ctx, rng):
    """Half of the GET."""
    after_tls(wic, ctx, rng)
    get = wic.upgrade_bytes()
    wic.send_raw(get[: rng.randrange(1, len(get))])


def garbage_upgrade(wic, ctx, rng):
    """Noise in the place of the GET."""
    after_tls(wic, ctx, rng)
    wic.send_raw(rng.randbytes(rng.randrange(1, 300)))


def before_101(wic, ctx, rng):
    """The whole GET, its answer not read."""
    after_tls(wic, ctx, rng)
    wic.send_raw(wic.upgrade_bytes())


def after_upgrade(wic, ctx, rng):
    """WebSocket is up, no frame sent."""
    after_tls(wic, ctx, rng)
    wic.upgrade()


def mid_frame(wic, ctx, rng):
    """Half of the frame with the REGISTER."""
    after_upgrade(wic, ctx, rng)
    frame = frames.encode(frames.TEXT, wic.ua.register().to_bytes())
    wic.send_raw(frame[: rng.randrange(1, len(frame))])


def mid_fragments(wic, ctx, rng):
    """The first fragment of a REGISTER only."""
    after_upgrade(wic, ctx, rng)
    wic.send_frame(frames.TEXT, wic.ua.register().to_bytes()[:100], fin=False)


def before_answer(wic, ctx, rng):
    """REGISTER sent, its answer not read."""
    after_upgrade(wic, ctx, rng)
    wic.send_sip(wic.ua.register())


def after_answer(wic, ctx, rng):
    """Registered, then gone without a Close frame."""
    after_upgrade(wic, ctx, rng)
    wic.ask(wic.ua.register())


def after_close(wic, ctx, rng):
    """Registered, Close sent, the server's Close not read."""
    after_answer(wic, ctx, rng)
    wic.send_frame(frames.CLOSE, frames.close_payload(1000))


BREAKS = [
    after_tcp, mid_client_hello, garbage_client_hello, damaged_client_hello,
    after_client_hello, after_tls, bad_tls_record, mid_upgrade, garbage_upgrade,
    before_101, after_upgrade, mid_frame, mid_fragments, before_answer,
    after_answer, after_close,
]

# What a visit may end in when the server cuts it off; ssl.SSLError is an OSError.
FAULTS = (OSError, ValueError, WicClosed, WicRefused, WicTimeout)


class Storm:
    """One worker's share of the storm; counts is what it reports."""

    def __init__(self, args, share):
        self.args, self.share = args, share
        self.ctx = tls_context(args.ca)
        self.counts = collections.Counter()
        self.times = []
        self.at = ""  # where the present client breaks off

    def client(self, index):
        """A Wic that is not connected yet, with its Ua."""
        args = self.args
        impu = args.impu.replace("%u", str(index % args.users))
        source = f"127.0.1.{index % args.sources + 1}" if args.sources else ""
        wic = Wic(args.host, args.port, name=args.name, origin=args.origin,
                  source_host=source, timeout=args.timeout)
        wic.ua = Ua(impu, token=args.tokens[index % len(args.tokens)])
        return wic

    def good(self, wic):
        """A whole well-behaved visit; raises what goes wrong."""
        start = time.monotonic()
        wic.tcp().tls(self.ctx).upgrade()
        status = wic.ask(wic.ua.register()).status
        if status != self.args.expect:
            raise ValueError(f"REGISTER got {status}")
        code, _ = wic.close()
        if code != 1000:
            raise ValueError(f"Close got {code}")
        self.times.append(time.monotonic() - start)

    def broken(self, wic, rng):
        """A visit that breaks off by FIN or RST."""
        point, end = rng.choice(BREAKS), rng.choice(["fin", "rst"])
        self.at = f"{point.__name__} {end}"
        point(wic, self.ctx, rng)
        if end == "rst":
            wic.rst()
        else:
            wic.fin()

    def visit(self, index):
        """Client number index; ConnectionRefusedError when there is no
        server. A break point may be cut short by the server, and is then
        counted as such; a good visit may not."""
        rng = random.Random(f"{self.args.seed}:{index}")
        breaks_off, self.at = index % 2 == 1, "good"
        try:
            with self.client(index) as wic:
                if breaks_off:
                    self.broken(wic, rng)
                else:
                    self.good(wic)
        except ConnectionRefusedError:
            raise
        except FAULTS as why:
            kind = "CUT SHORT" if breaks_off else "FAILED"
            self.counts[f"{kind} {self.at}: {type(why).__name__} {why}"] += 1
        self.counts[self.at] += 1

    def run(self, dead):
        """All of this share, until another worker finds the server dead."""
        refused_since = None
        for index in range(self.share, self.args.count, self.args.parallel):
            while not dead.is_set():
                try:
                    self.visit(index)
                    refused_since = None
                    break
                except ConnectionRefusedError:
                    refused_since = refused_since or time.monotonic()
                    if time.monotonic() - refused_since > REVIVE:
                        dead.set()
                    time.sleep(0.02)
            if dead.is_set():
                return


def worker(args, share, dead, out):
    """Body of one process."""
    storm = Storm(args, share)
    try:
        storm.run(dead)
    finally:
        out.put((storm.counts, storm.times))


def run_all(args):
    """(counts, times, seconds, server died) of the whole storm."""
    ctx = multiprocessing.get_context("fork")
    dead, out = ctx.Event(), ctx.Queue()
    start = time.monotonic()
    procs = [ctx.Process(target=worker, args=(args, n, dead, out)) for n in range(args.parallel)]
    for proc in procs:
        proc.start()
    counts, times = collections.Counter(), []
    for _ in procs:
        part, took = out.get()
        counts += part
        times += took
    for proc in procs:
        proc.join()
    return counts, sorted(times), time.monotonic() - start, dead.is_set()


def bug_lines(args):
    """Lines of the server's log that say BUG, or None without --log."""
    if not args.log:
        return None
    with open(args.log, encoding="utf-8", errors="replace") as src:
        return sum("BUG" in line for line in src)


def report(args, counts, times, seconds, died):
    """Print the figures; exit status."""
    done = sum(n for name, n in counts.items() if not name.startswith(("FAILED", "CUT")))
    failed = sum(n for name, n in counts.items() if name.startswith("FAILED"))
    for name in sorted(counts):
        print(f"{counts[name]:7d}  {name}")
    bugs = bug_lines(args)
    if times:
        print(f"good visits: median {times[len(times) // 2] * 1000:.1f} ms, "
              f"p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, max {times[-1] * 1000:.1f} ms")
    print(f"storm: seed {args.seed}, {done} of {args.count} clients, {args.parallel} at "
          f"once, {seconds:.1f} s, {done / seconds:.0f}/s; {counts['good']} good, "
          f"{failed} of them failed; BUG lines: {'not looked' if bugs is None else bugs}; "
          f"server {'DIED' if died else 'lives'}")
    if died:
        return 3
    return 1 if failed or bugs else 0


def parse_args(argv):
    """The options."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("server", help="host:port of the WSS listener")
    ap.add_argument("--ca", help="PEM file to verify the server against (default: not verified)")
    ap.add_argument("--name", default="localhost", help="SNI and certificate name")
    ap.add_argument("--origin")
    ap.add_argument("--count", type=int, default=20000, help="clients in all (default 20000)")
    ap.add_argument("--parallel", type=int, default=16, help="at once (default 16)")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--token-file", help="tokens, one a line, used in turn")
    ap.add_argument("--impu", default="sip:user%u@ims.test", help="%%u: number of the user")
    ap.add_argument("--users", type=int, default=50, help="how many of them (default 50)")
    ap.add_argument("--expect", type=int, default=200, help="answer to REGISTER (default 200)")
    ap.add_argument("--sources", type=int, default=8, help="local addresses 127.0.1.1... to come "
                    "from; 0: let the system choose (default 8)")
    ap.add_argument("--timeout", type=float, default=10.0)
    ap.add_argument("--log", help="the server's log: lines with BUG are counted and fail the storm")
    args = ap.parse_args(argv)
    args.host, _, port = args.server.rpartition(":")
    if not port.isdigit() or args.count < 1 or args.parallel < 1 or args.users < 1:
        ap.error("host:port and counts above 0 are needed")
    args.port, args.tokens = int(port), ["token"]
    if args.token_file:
        with open(args.token_file, encoding="ascii") as src:
            args.tokens = src.read().split() or ap.error("no token in the file")
    return args


if __name__ == "__main__":
    ARGS = parse_args(sys.argv[1:])
    sys.exit(report(ARGS, *run_all(ARGS)))
