#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures, prints a table, writes it as JSON. run.sh starts what is measured.

A row compares two works, "ours" and "against", in pairs: one sample of each,
close together, and which comes first changes from pair to pair. So what else
the machine does meets both. Its figures are medians over the pairs, of the
ratio too (not the ratio of the medians); the interval is the 95 % interval of
that median by order statistics, which asks nothing of the distribution."""

import argparse
import fnmatch
import json
import math
import os
import socket
import statistics
import subprocess
import sys

import ranges
import stores
from registers import Registers
from rejects import Rejects
from setups import Setups
from sides import Server

PAIRS = 21
SAMPLE_NS = 20_000_000
ALGS = ("RS256", "ES256", "EdDSA")
GARBAGE = ("noise", "noise8k", "plain", "long")
MILLION = 1_000_000


# --- statistics


def interval(values):
    """(low, high) that holds the median with at least 95 %."""
    values, n = sorted(values), len(values)
    out, k = 0.0, 0
    while out + 2 * math.comb(n, k) / 2**n <= 0.05:
        out += 2 * math.comb(n, k) / 2**n
        k += 1
    if k == 0:
        raise ValueError(f"{n} pairs are too few for a 95 % interval")
    return values[k - 1], values[n - k]


def quartiles(values):
    """First and third, as a measure of spread."""
    cuts = statistics.quantiles(values, n=4)
    return cuts[0], cuts[2]


def rounded(value):
    """Four digits; more would be noise."""
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return float(f"{value:.4g}")


# --- rows


class Row:
    """One comparison. Goals: ratio <= ratio_max, ours - against <= more_max, ours
    <= most; one of those that are set will do. It is met when the whole interval
    is within it."""

    def __init__(self, name, unit, ours, against, ratio_max=None, more_max=None, most=None):
        self.name, self.unit, self.ours, self.against = name, unit, ours, against
        self.ratio_max, self.more_max, self.most = ratio_max, more_max, most

    def goal(self):
        """In words."""
        words = []
        if self.ratio_max is not None:
            words.append(f"ratio <= {self.ratio_max:g}")
        if self.more_max is not None:
            words.append(f"against + {self.more_max:g} {self.unit}")
        if self.most is not None:
            words.append(f"ours <= {self.most:g} {self.unit}")
        return " or ".join(words) or None

    def figures(self, pairs):
        """What is written down for (ours, against) samples."""
        ours, against = [p[0] for p in pairs], [p[1] for p in pairs]
        ratios, more = [a / b for a, b in pairs], [a - b for a, b in pairs]
        goals = ((ratios, self.ratio_max), (more, self.more_max), (ours, self.most))
        within = [interval(values)[1] <= most for values, most in goals if most is not None]
        met = any(within) if within else None
        figures = {
            "ours": statistics.median(ours), "against": statistics.median(against),
            "ratio": statistics.median(ratios), "ratio_interval": interval(ratios),
            "difference": statistics.median(more), "difference_interval": interval(more),
            "ours_spread": quartiles(ours), "against_spread": quartiles(against),
        }
        return {"name": self.name, "unit": self.unit,
                **{key: rounded(value) for key, value in figures.items()},
                "pairs": len(pairs), "goal": self.goal(), "met": met}


class Workers:
    """SIP workers of one server that measure themselves (wims_bench_mod.c), so
    many of them at once."""

    def __init__(self, address, count):
        self.socks = []
        for _ in range(count):
            self.socks.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            self.socks[-1].settimeout(120)
            self.socks[-1].connect(address)
        self.count = 0
        self.rounds = {}

    def _send(self, sock, what, of, rounds):
        self.count += 1
        host, port = sock.getsockname()
        sock.send((
            f"OPTIONS sip:{what}.{of}.{rounds}@bench.invalid SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{self.count}\r\n"
            f"From: <sip:bench@bench.invalid>;tag=1\r\nTo: <sip:bench@bench.invalid>\r\n"
            f"Call-ID: {self.count}@bench\r\nCSeq: {self.count} OPTIONS\r\nContent-Length: 0\r\n\r\n"
        ).encode())

    def run(self, what, of, rounds):
        """Nanoseconds of so many rounds, of the CPU but for those of query_rows, the mean of all workers."""
        for sock in self.socks:
            self._send(sock, what, of, rounds)
        return statistics.mean(self._answer(sock, f"{what} {of}") for sock in self.socks)

    def _answer(self, sock, order):
        _, status, phrase = sock.recv(65535).split(b"\r\n")[0].decode().split(" ", 2)
        if status != "200":
            sys.exit(f"bench: {order} failed in the worker; its log says why")
        return int(phrase)

    def sample(self, work):
        """Microseconds a round, from a sample of about SAMPLE_NS."""
        if work not in self.rounds:
            self.run(*work, 20)
            self.rounds[work] = max(20, int(20 * SAMPLE_NS // self.run(*work, 20)))
        rounds = self.rounds[work]
        return self.run(*work, rounds) / rounds / 1000


def verify_rows():
    """The token, in a worker with tls loaded."""
    for alg in ALGS:
        yield Row(f"jws-{alg}", "us", ("jws", alg), ("evp", alg), ratio_max=1.10)
    for alg in ALGS:
        yield Row(f"validate-{alg}", "us", ("validate", alg), ("evp", alg), more_max=15)
    for alg, most in (("RS256", 0.1), ("ES256", 0.25)):
        yield Row(f"libjwt-{alg}", "us", ("jws", alg), ("libjwt", alg), ratio_max=most)
    for alg in ("RS256", "ES256"):
        yield Row(f"cache-hit-{alg}", "us", ("hit", alg), ("digest", alg), ratio_max=2.5, most=2)
    for name in GARBAGE:
        yield Row(f"garbage-{name}", "us", ("refuse", name), ("digest", name), most=5)


def four_rows():
    """The same in four workers at once."""
    yield Row("jws-ES256-4", "us", ("jws", "ES256"), ("evp", "ES256"), ratio_max=1.10)
    yield Row("cache-hit-ES256-4", "us", ("hit", "ES256"), ("digest", "ES256"), ratio_max=2.5, most=2)
    yield Row("garbage-noise-4", "us", ("refuse", "noise"), ("digest", "noise"), most=5)


def million_rows():
    """A cache with a million other tokens in it."""
    yield Row("cache-million", "us", ("many", "ES256"), ("digest", "ES256"), ratio_max=2.5, most=2)


def register_rows():
    """A whole REGISTER over WSS: beside a stock registrar, and a token from the
    cache beside none."""
    yield Row("register-cpu", "us", "edge", "stock")
    yield Row("register-rate", "1/s", "edge", "stock")
    yield Row("register-cached-1", "us", "checked-1", "answered-1", ratio_max=1.10)
    yield Row("register-cached-4", "us", "checked-4", "answered-4", ratio_max=1.10)


def range_register_rows():
    """A REGISTER in a range, over a plain WebSocket, beside save() in the same
    process."""
    yield Row("register-range", "us", "in-range", "screened-save", ratio_max=1.15)
    yield Row("register-range-bare", "us", "in-range", "save")


def redis_register_rows():
    """The same with the registrar in Redis, beside that of one node alone; and with what
    Redis itself takes."""
    for workers in (1, 2, 4):
        yield Row(f"register-redis-{workers}", "us", f"in-redis-{workers}", f"in-shm-{workers}")
        yield Row(f"register-redis-all-{workers}", "us", f"in-redis-{workers}-all", f"in-shm-{workers}")


def reject_rows():
    """Who is not there, beside an answer of sl's to the same bytes."""
    yield Row("reject-unregistered", "us", "rejected", "stock", ratio_max=1.10)
    yield Row("reject-unknown", "us", "unknown", "stock", ratio_max=1.10)


def query_rows():
    """The registrar asked by a worker of an eI-CSCF, beside a bare GET: a round trip each."""
    yield Row("eicscf-query", "us", ("query", "redis"), ("get", "redis"), ratio_max=1.5)


def setup_rows():
    """A call set up by a WIC, beside a proxy that only relays: one by itself, and one in
    the same process. The p99 is that of each sample."""
    yield Row("call-setup", "us", "calls", "relay-relayed", ratio_max=1.2)
    yield Row("call-setup-p99", "us", "calls", "relay-relayed")
    yield Row("call-setup-inside", "us", "calls", "inside-relayed", ratio_max=1.2)


def take(row, sample, pairs):
    """Interleaved samples; the first pair warms up and is not counted."""
    taken = []
    for i in range(pairs + 1):
        if i % 2:
            against, ours = sample(row.against), sample(row.ours)
        else:
            ours, against = sample(row.ours), sample(row.against)
        taken.append((ours, against))
    return taken[1:]


def bytes_of(workers):
    """What the cache counts for an entry, and what it takes of shared memory."""
    return [(float(workers.run("shm", "ES256", 1)), float(workers.run("bytes", "ES256", 1)))] * PAIRS


def million(args, wanted):
    """The rows of the large cache, which is filled first."""
    rows = list(filter(wanted, million_rows()))
    size = Row("cache-bytes", "bytes", "shm", "bytes")
    if not rows and not wanted(size):
        return
    workers = Workers(args.worker["big"], 1)
    workers.run("fill", "ES256", MILLION)
    for row in rows:
        yield row.figures(take(row, workers.sample, PAIRS))
    if wanted(size):
        yield size.figures(bytes_of(workers))


def registers(args, wanted):
    """The rows of whole REGISTERs; those of the same servers share their runs."""
    rows = list(filter(wanted, (*register_rows(), *range_register_rows(), *redis_register_rows())))
    taken = {}
    for row in rows:
        sides = (row.ours, row.against)
        if sides not in taken:
            servers = {name: args.side[name] for name in sides}
            with Registers(servers, f"{args.data}/register.tokens", args.core_port) as both:
                taken[sides] = take(row, both.sample, PAIRS)
        index = 0 if row.unit == "us" else 1
        yield row.figures([(a[index], b[index]) for a, b in taken[sides]])


def rejects(args, wanted):
    """The rows of requests that are rejected."""
    rows = list(filter(wanted, reject_rows()))
    if not rows:
        return
    both = Rejects(args.side["reject"], args.side["stock-socket"].port)
    for row in rows:
        yield row.figures(take(row, both.sample, PAIRS))


def setups(args, wanted):
    """The rows of calls; those of the same two sides share their runs."""
    taken = {}
    for row in filter(wanted, setup_rows()):
        if row.against not in taken:
            servers = {name: args.side[name] for name in (row.ours, row.against)}
            with Setups(servers, f"{args.data}/register.tokens", args.core_port) as both:
                taken[row.against] = take(row, both.sample, PAIRS)
        index = 1 if row.name.endswith("p99") else 0
        yield row.figures([(pair[0][index], pair[1][index]) for pair in taken[row.against]])


def measure(args, wanted):
    """All wanted rows, in order."""
    for rows, server, count in ((verify_rows, "one", 1), (four_rows, "four", 4), (query_rows, "eicscf", 1)):
        chosen = list(filter(wanted, rows()))
        workers = Workers(args.worker[server], count) if chosen else None
        for row in chosen:
            yield row.figures(take(row, workers.sample, PAIRS))
    yield from million(args, wanted)
    yield from setups(args, wanted)
    yield from registers(args, wanted)
    yield from rejects(args, wanted)


# --- what comes out


def machine():
    """What the figures were taken on."""
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.partition(":")[2].strip() for line in f if line.startswith("model name")), "?")
    with open("/etc/debian_version", encoding="ascii") as f:
        debian = f.read().strip()
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}, ", "kamailio", "libssl3", "libjwt0", "libjansson4",
         "libpcre2-8-0", "redis-server"],
        capture_output=True, text=True, check=True).stdout.rstrip(", ")
    return f"{model}, {os.cpu_count()} CPUs; Debian {debian}; {packages}"


def table(results):
    """Markdown, which reads well on a terminal too."""
    lines = ["| row | unit | ours | against | ratio (95 %) | difference (95 %) | goal | met |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in results:
        low, high = r["ratio_interval"]
        less, more = r["difference_interval"]
        met = {True: "yes", False: "**no**", None: ""}[r["met"]]
        lines.append(
            f"| {r['name']} | {r['unit']} | {spread(r, 'ours')} | {spread(r, 'against')} "
            f"| {r['ratio']:.3f} ({low:.3f} to {high:.3f}) "
            f"| {shown(r['difference'])} ({shown(less)} to {shown(more)}) | {r['goal'] or ''} | {met} |")
    return "\n".join(lines)


def shown(value):
    """Digits enough to tell small figures apart."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(result, side):
    """Median and quartiles."""
    low, high = result[side + "_spread"]
    return f"{shown(result[side])} ({shown(low)} to {shown(high)})"


def write_doc(path, name, text):
    """Between the marks of that name in the document."""
    begin, end = f"<!-- begin {name}: written by make bench -->\n", "<!-- end -->\n"
    with open(path, encoding="utf-8") as f:
        head, mark, rest = f.read().partition(begin)
    if not mark:
        sys.exit(f"bench: {path} has no place for a table of {name}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + begin + text + end + rest.partition(end)[2])


class Named(argparse.Action):
    """--worker NAME=PORT, --store NAME=PLACE, --side NAME=PORT,PID[+PID],CA,ORIGIN,EXPIRES"""

    def __call__(self, parser, namespace, values, option_string=None):
        name, _, text = values.partition("=")
        if self.dest == "worker":
            namespace.worker[name] = ("127.0.0.1", int(text))
        elif self.dest == "store":
            namespace.store[name] = text
        else:
            port, pid, ca, origin, expires = text.split(",")
            namespace.side[name] = Server(int(port), [int(p) for p in pid.split("+")], ca, origin, int(expires))


def parse_args():
    """What run.sh says."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--worker", action=Named, default={})
    ap.add_argument("--side", action=Named, default={})
    ap.add_argument("--core-port", type=int)
    ap.add_argument("--data", required=True)
    ap.add_argument("--range-program", required=True)
    ap.add_argument("--store-program", required=True)
    ap.add_argument("--store", action=Named, default={})
    ap.add_argument("--results", required=True)
    ap.add_argument("--allocator", required=True)
    ap.add_argument("--doc")
    ap.add_argument("--rows", default="*")
    return ap.parse_args()


def write_results(args, where, results, lookups, registrar):
    """As JSON, on the terminal, and into the document if that is asked for."""
    with open(args.results, "w", encoding="utf-8") as f:
        json.dump({"machine": where, "rows": results, "ranges": lookups, "registrar": registrar}, f, indent=2)
        f.write("\n")
    print(where)
    for name, rows, form in ((args.allocator, results, table), ("ranges", lookups, ranges.table),
                             ("registrar", registrar, table)):
        if rows:
            print(f"\n{form(rows)}")
        if rows and args.doc:
            write_doc(args.doc, name, f"\n{where}\n\n{form(rows)}\n\n")


def main():
    """Exit status 1 when a goal is missed."""
    args = parse_args()

    def named(name):
        return any(fnmatch.fnmatch(name, p) for p in args.rows.split())

    results = list(measure(args, lambda row: named(row.name)))
    lookups = ranges.ranges(args.range_program, named)
    registrar = stores.stores(args.store_program, args.store, named, Row)
    if not results and not lookups and not registrar:
        sys.exit(f"bench: no row is named {args.rows}")
    write_results(args, f"{machine()}; shared memory: {args.allocator}", results, lookups, registrar)
    return any(r["met"] is False for r in results + lookups + registrar)


if __name__ == "__main__":
    sys.exit(main())
