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

from registers import Registers

PAIRS = 21
SAMPLE_NS = 20_000_000
ALGS = ("RS256", "ES256", "EdDSA")


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
    """One comparison. At most one goal: ratio <= ratio_max, or ours - against
    <= more_max. It is met when the whole interval is within it."""

    def __init__(self, name, unit, ours, against, ratio_max=None, more_max=None):
        self.name, self.unit, self.ours, self.against = name, unit, ours, against
        self.ratio_max, self.more_max = ratio_max, more_max

    def goal(self):
        """In words."""
        if self.ratio_max is not None:
            return f"ratio <= {self.ratio_max:g}"
        if self.more_max is not None:
            return f"against + {self.more_max:g} {self.unit}"
        return None

    def figures(self, pairs):
        """What is written down for (ours, against) samples."""
        ours, against = [p[0] for p in pairs], [p[1] for p in pairs]
        ratios, more = [a / b for a, b in pairs], [a - b for a, b in pairs]
        met = None
        if self.ratio_max is not None:
            met = interval(ratios)[1] <= self.ratio_max
        elif self.more_max is not None:
            met = interval(more)[1] <= self.more_max
        figures = {
            "ours": statistics.median(ours), "against": statistics.median(against),
            "ratio": statistics.median(ratios), "ratio_interval": interval(ratios),
            "difference": statistics.median(more), "difference_interval": interval(more),
            "ours_spread": quartiles(ours), "against_spread": quartiles(against),
        }
        return {"name": self.name, "unit": self.unit,
                **{key: rounded(value) for key, value in figures.items()},
                "pairs": len(pairs), "goal": self.goal(), "met": met}


class Worker:
    """A SIP worker that measures itself (wims_bench_mod.c)."""

    def __init__(self, address):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.settimeout(30)
        self.sock.connect(address)
        self.count = 0
        self.rounds = {}

    def run(self, what, alg, rounds):
        """CPU nanoseconds of so many rounds."""
        self.count += 1
        host, port = self.sock.getsockname()
        self.sock.send((
            f"OPTIONS sip:{what}.{alg}.{rounds}@bench.invalid SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{self.count}\r\n"
            f"From: <sip:bench@bench.invalid>;tag=1\r\nTo: <sip:bench@bench.invalid>\r\n"
            f"Call-ID: {self.count}@bench\r\nCSeq: {self.count} OPTIONS\r\nContent-Length: 0\r\n\r\n"
        ).encode())
        _, status, phrase = self.sock.recv(65535).split(b"\r\n")[0].decode().split(" ", 2)
        if status != "200":
            sys.exit(f"bench: {what} {alg} failed in the worker; its log says why")
        return int(phrase)

    def sample(self, work):
        """Microseconds a round, from a sample of about SAMPLE_NS."""
        if work not in self.rounds:
            self.run(*work, 20)
            self.rounds[work] = max(20, 20 * SAMPLE_NS // self.run(*work, 20))
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


def register_rows():
    """A whole REGISTER over WSS, beside a stock registrar."""
    yield Row("register-cpu", "us", "edge", "stock")
    yield Row("register-rate", "1/s", "edge", "stock")


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


def measure(args, wanted):
    """All wanted rows, in order."""
    results = []
    worker = Worker(args.worker)
    for row in filter(wanted, verify_rows()):
        results.append(row.figures(take(row, worker.sample, PAIRS)))
    rows = list(filter(wanted, register_rows()))
    if rows:
        with Registers(args) as registers:
            pairs = take(rows[0], registers.sample, PAIRS)
        for row in rows:
            index = 0 if row.unit == "us" else 1
            results.append(row.figures([(a[index], b[index]) for a, b in pairs]))
    return results


# --- what comes out


def machine():
    """What the figures were taken on."""
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.partition(":")[2].strip() for line in f if line.startswith("model name")), "?")
    with open("/etc/debian_version", encoding="ascii") as f:
        debian = f.read().strip()
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}, ", "kamailio", "libssl3", "libjwt0", "libjansson4"],
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
            f"| {r['difference']:.1f} ({less:.1f} to {more:.1f}) | {r['goal'] or ''} | {met} |")
    return "\n".join(lines)


def spread(result, side):
    """Median and quartiles."""
    low, high = result[side + "_spread"]
    return f"{result[side]:.1f} ({low:.1f} to {high:.1f})"


def write_doc(path, allocator, text):
    """Between the marks of this allocator in the document."""
    begin, end = f"<!-- begin {allocator}: written by make bench -->\n", "<!-- end -->\n"
    with open(path, encoding="utf-8") as f:
        head, mark, rest = f.read().partition(begin)
    if not mark:
        sys.exit(f"bench: {path} has no place for a table of {allocator}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + begin + text + end + rest.partition(end)[2])


def address(text):
    """host:port"""
    host, _, port = text.partition(":")
    return host, int(port)


def parse_args():
    """What run.sh says."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--worker", type=address, required=True)
    ap.add_argument("--core-port", type=int, required=True)
    for side in ("edge", "stock"):
        ap.add_argument(f"--{side}", type=int, required=True)
        ap.add_argument(f"--{side}-pid", type=int, required=True)
        ap.add_argument(f"--{side}-ca", required=True)
    ap.add_argument("--data", required=True)
    ap.add_argument("--results", required=True)
    ap.add_argument("--allocator", required=True)
    ap.add_argument("--doc")
    ap.add_argument("--rows", default="*")
    return ap.parse_args()


def main():
    """Exit status 1 when a goal is missed."""
    args = parse_args()
    patterns = args.rows.split()
    results = measure(args, lambda row: any(fnmatch.fnmatch(row.name, p) for p in patterns))
    if not results:
        sys.exit(f"bench: no row is named {args.rows}")
    where = f"{machine()}; shared memory: {args.allocator}"
    with open(args.results, "w", encoding="utf-8") as f:
        json.dump({"machine": where, "rows": results}, f, indent=2)
        f.write("\n")
    print(f"{where}\n\n{table(results)}\n")
    if args.doc:
        write_doc(args.doc, args.allocator, f"\n{where}\n\n{table(results)}\n\n")
    return any(r["met"] is False for r in results)


if __name__ == "__main__":
    sys.exit(main())
