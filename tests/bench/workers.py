# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows that a SIP worker measures in itself, with tls loaded (wims_bench_mod.c)."""

import itertools
import socket
import statistics
import sys

from rows import ROUNDS, Row, measured, take

SAMPLE_NS = 20_000_000
ALGS = ("RS256", "ES256", "EdDSA")
GARBAGE = ("noise", "noise8k", "plain", "long")
MILLION = 1_000_000
SIZE = "cache-bytes"


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
        yield Row(f"libjwt-{alg}", "us", ("jws", alg), ("libjwt", alg), ("evp", alg), ratio_max=most)
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
    """A cache with a million other tokens in it, and the size of an entry of it."""
    yield Row("cache-million", "us", ("many", "ES256"), ("digest", "ES256"), ratio_max=2.5, most=2)
    yield Row(SIZE, "bytes", "shm", "bytes")


def query_rows():
    """The registrar asked by a worker of an eI-CSCF, beside a bare GET: a round trip each."""
    yield Row("eicscf-query", "us", ("query", "redis"), ("get", "redis"), ratio_max=1.5)


def bytes_of(workers):
    """What the cache counts for an entry, and what it takes of shared memory."""
    return [(float(workers.run("shm", "ES256", 1)), float(workers.run("bytes", "ES256", 1)))] * ROUNDS


def in_one(args, rows, server, count=1):
    """Rows of workers of that server."""
    workers = Workers(args.worker[server], count)
    for row in rows:
        yield take(row, workers.sample)


def verifying(args, rows):
    """In a server that does nothing else."""
    yield from in_one(args, rows, "one")


def four(args, rows):
    """Four workers at once."""
    yield from in_one(args, rows, "four", 4)


def query(args, rows):
    """An eI-CSCF."""
    yield from in_one(args, rows, "eicscf")


def million(args, rows):
    """The rows of the large cache, which is filled first."""
    workers = Workers(args.worker["big"], 1)
    workers.run("fill", "ES256", MILLION)
    for row in rows:
        yield row.figures(bytes_of(workers)) if row.name == SIZE else take(row, workers.sample)


GROUPS = ((verify_rows, verifying), (four_rows, four), (million_rows, million), (query_rows, query))


def measure(args, wanted):
    """All of them that are wanted, in order."""
    yield from measured(GROUPS, args, wanted)


def all_rows():
    """In the order of the table."""
    return itertools.chain(*(rows() for rows, _ in GROUPS))
