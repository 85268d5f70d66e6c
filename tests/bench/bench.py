#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures, prints tables, writes them as JSON, and into the documents when that is
asked for. run.sh starts what is measured."""

import argparse
import fnmatch
import itertools
import json
import os
import sys
from operator import itemgetter

import plots
import ranges
import record
import report
import stores
import workers
import wss
from loads import Side
from registers import Registers
from rejects import Rejects
from rows import Row, measured, take, take_all
from setups import Setups
from sides import Server


def register_rows():
    """A whole REGISTER over WSS: a token from the cache beside none."""
    yield Row("register-cached-1", "us", "checked-1", "answered-1", ratio_max=1.10)
    yield Row("register-cached-4", "us", "checked-4", "answered-4", ratio_max=1.10)


def redis_register_rows():
    """A REGISTER in a range with the registrar in Redis, beside that of one node alone; and with
    what Redis itself takes."""
    for workers in (1, 2, 4):
        yield Row(f"register-redis-{workers}", "us", f"in-redis-{workers}", f"in-shm-{workers}")
        yield Row(f"register-redis-all-{workers}", "us", f"in-redis-{workers}-all", f"in-shm-{workers}")


def reject_rows():
    """Who is not there, beside an answer of sl's to the same bytes."""
    yield Row("reject-unregistered", "us", "rejected", "stock", ratio_max=1.10)
    yield Row("reject-unknown", "us", "unknown", "stock", ratio_max=1.10)


def setup_rows():
    """A call set up by a WIC, beside a proxy that only relays: one by itself, whose allocator has
    another memory to look through, so that there is no goal; and one in the same process. The
    p99 is that of each sample."""
    yield Row("call-setup", "us", "calls", "relay-relayed")
    yield Row("call-setup-p99", "us", "calls", "relay-relayed")
    yield Row("call-setup-inside", "us", "calls", "inside-relayed", ratio_max=1.2)


def registers(args, rows):
    """The rows of whole REGISTERs; those of the same servers share their runs."""
    taken = {}
    for row in rows:
        sides = (row.ours, row.against)
        if sides not in taken:
            servers = {name: args.side[name] for name in sides}
            with Registers(servers, f"{args.data}/register.tokens", args.core_port) as both:
                taken[sides] = take_all(row.works(), both.sample)
        yield taken[sides].figures(row)


def rejects(args, rows):
    """The rows of requests that are rejected."""
    both = Rejects(args.side["reject"], args.side["stock-socket"].port)
    for row in rows:
        yield take(row, both.sample)


def setups(args, rows):
    """The rows of calls; those of the same two sides share their runs."""
    taken = {}
    for row in rows:
        if row.against not in taken:
            servers = {name: args.side[name] for name in (row.ours, row.against)}
            with Setups(servers, f"{args.data}/register.tokens", args.core_port) as both:
                taken[row.against] = take_all(row.works(), both.sample)
        yield taken[row.against].figures(row, itemgetter(1 if row.name.endswith("p99") else 0))


GROUPS = ((setup_rows, setups), (register_rows, registers), (redis_register_rows, registers), (reject_rows, rejects))


def measure(args, wanted):
    """All wanted rows, in order; one that cannot be measured says why."""
    yield from wss.measure(args, wanted)
    yield from workers.measure(args, wanted)
    yield from measured(GROUPS, args, wanted)


def all_rows():
    """In the order of the table."""
    return itertools.chain(wss.all_rows(), workers.all_rows(), *(group_rows() for group_rows, _ in GROUPS))


class Named(argparse.Action):
    """--worker NAME=PORT, --store NAME=PLACE, --side NAME=PORT,PID[+PID],CA,ORIGIN,EXPIRES,
    --wss NAME=PORT,PID[+PID],CTL,USERS,CORE"""

    def __call__(self, parser, namespace, values, option_string=None):
        name, _, text = values.partition("=")
        if self.dest == "worker":
            namespace.worker[name] = ("127.0.0.1", int(text))
        elif self.dest == "store":
            namespace.store[name] = text
        elif self.dest == "wss":
            port, pid, *rest = text.split(",")
            namespace.wss[name] = Side(int(port), [int(p) for p in pid.split("+")], *rest)
        else:
            port, pid, ca, origin, expires = text.split(",")
            namespace.side[name] = Server(int(port), [int(p) for p in pid.split("+")], ca, origin, int(expires))


def parse_args():
    """What run.sh says."""
    ap = argparse.ArgumentParser(description=__doc__)
    for name in ("worker", "side", "wss", "store"):
        ap.add_argument(f"--{name}", action=Named, default={})
    for name in ("load-program", "ca", "data", "range-program", "store-program", "results", "record", "allocator", "doc"):
        ap.add_argument(f"--{name}")
    ap.add_argument("--core-port", type=int)
    ap.add_argument("--wics", type=int, help="of each side of a row wss-*")
    ap.add_argument("--rows", default="*")
    ap.add_argument("--list", action="store_true", help="print the names of these rows, and measure nothing")
    return ap.parse_args()


def order(table):
    """Names of all rows that a table of that name can have: it has its own, or all others."""
    if table == "ranges":
        return [name for name, _ in ranges.goals()]
    if table == "registrar":
        return [row.name for row in stores.rows()]
    return [row.name for row in all_rows()]


def write(args, tables):
    """As JSON, on the terminal, and into the document if that is asked for."""
    with open(args.record, encoding="utf-8") as f:
        taken = json.load(f)
    where = f"{record.text(taken)}; shared memory: {args.allocator}"
    for name, rows in tables.items():
        for row in rows:
            row |= {"where": where, "taken": taken["date"], "load": taken["loadavg"]}
        print(report.section(name, rows))
    report.write_raw(args.results, tables)
    if args.doc:
        directory = os.path.dirname(args.doc)
        raw = os.path.join(directory, "bench.json")
        kept = report.read_raw(raw)
        kept |= {name: report.merged(kept.get(name, []), rows, order(name)) for name, rows in tables.items()}
        report.write_raw(raw, kept)
        report.write_tables(args.doc, kept)
        plots.write(directory)


def main():
    """Exit status 1 when a goal is missed, or a row could not be measured."""
    args = parse_args()

    def named(name):
        return any(fnmatch.fnmatch(name, p) for p in args.rows.split())

    names = [name for table in (args.allocator, "ranges", "registrar") for name in order(table) if named(name)]
    if not names:
        sys.exit(f"bench: no row is named {args.rows}")
    if args.list:
        print("\n".join(names))
        return False
    tables = {
        args.allocator: list(measure(args, lambda row: named(row.name))),
        "ranges": list(measured(ranges.GROUPS, args, lambda row: named(row.name))),
        "registrar": list(measured(stores.GROUPS, args, lambda row: named(row.name))),
    }
    tables = {name: rows for name, rows in tables.items() if rows}
    write(args, tables)
    return any(row["met"] is False or "why" in row for rows in tables.values() for row in rows)


if __name__ == "__main__":
    sys.exit(main())
