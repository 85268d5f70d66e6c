#!/usr/bin/env python3
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions of one REGISTER, in the rows of one server; profile.sh starts it.

Over WSS, one after the other on eight connections: so many, then twice as many. The
difference is what one takes; what does not depend on their number falls out."""

import argparse
import fnmatch
import json
import multiprocessing
import re
import subprocess
from collections import namedtuple

from callgrind import OURS, Costs, Processes
from registers import core
from wic import Ua, Wic

CONNECTIONS = 8
COUNT = 80  # and twice that
ROUNDS = 3  # their median is taken: a timer of TCP main may fall into one
WARM = 4  # REGISTERs of each connection before
TOP = 40
WORKERS = re.compile("receiver|tcp main|Async")
DIGEST = ('Digest username="digest-{}@ims.test", realm="ims.test", nonce="{:032x}", uri="sip:ims.test", '
          'qop=auth, cnonce="0123456789abcdef", nc=00000001, response="0123456789abcdef0123456789abcdef"')

Row = namedtuple("Row", "server wwsf fresh refused", defaults=(False, False))
ROWS = {
    "digest": Row("edge", "digest"),
    "web": Row("edge", "web"),
    "web-fresh": Row("edge", "web", fresh=True),
    "pool": Row("edge", "pool"),
    "range": Row("edge", "range"),
    "range-fresh": Row("edge", "range", fresh=True),
    "range-refused": Row("edge", "range", refused=True),
    "range-redis": Row("redis", "range"),
    "stock": Row("stock", "range"),
}


def chosen(patterns):
    """The rows that are named so."""
    return {name: row for name, row in ROWS.items() if any(fnmatch.fnmatch(name, p) for p in patterns.split())}


class Client:
    """A WIC that is connected; next() is its next REGISTER."""

    def __init__(self, args, row, i, tokens):
        self.row, self.tokens, self.i = row, tokens, i
        self.ua = Ua(f"sip:{row.wwsf}-{i + 1}@ims.test", token=tokens[0] if tokens else None)
        self.wic = Wic("127.0.0.1", args.port, ca=args.ca, name="localhost", origin=f"https://{row.wwsf}.test", timeout=60)
        self.wic.connect()

    def next(self):
        """As a WIC refreshes; Digest answers a challenge that it got before."""
        if not self.tokens:
            return self.ua.register(headers=[("Authorization", DIGEST.format(self.i + 1, self.i))])
        return self.ua.register(token=self.tokens.pop(0) if self.row.fresh else None)

    def register(self, status):
        """One, answered with that status."""
        got = self.wic.ask(self.next()).status
        if got != status:
            raise SystemExit(f"profile: {got} to REGISTER, not {status}")


def rpc(args, *words):
    """Its output."""
    return subprocess.run(["kamcmd", "-s", args.ctl, *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def workers(args):
    """Process ids of those that have to do with a message."""
    found = re.findall(r"pid: (\d+)\s.*?description: ([^\n]*)", rpc(args, "core.psa"), re.S)
    return [int(pid) for pid, what in found if WORKERS.search(what)]


def tokens_of(args, row):
    """For each WIC its tokens, in turn."""
    if row.wwsf == "digest":
        return [[] for _ in range(CONNECTIONS)]
    with open(f"{args.data}/{row.wwsf}.tokens", encoding="ascii") as f:
        lines = f.read().split()
    return [lines[i::CONNECTIONS] for i in range(CONNECTIONS)]


def send(clients, count, status):
    """So many REGISTERs, of all in turn."""
    for i in range(count):
        clients[i % len(clients)].register(status)


def one_round(clients, status, processes):
    """The Costs of one REGISTER: those of 2 * COUNT less those of COUNT, divided."""
    costs = []
    for count in (COUNT, 2 * COUNT):
        send(clients, count, status)
        costs.append(processes.costs())
    return costs[1].minus(costs[0], COUNT)


def measure(args, row, processes):
    """The Costs of one REGISTER of that row."""
    clients = [Client(args, row, i, tokens) for i, tokens in enumerate(tokens_of(args, row))]
    send(clients, len(clients) * WARM, 200)
    if row.refused:
        rpc(args, "webrtc_ims.load", "400")
    status = 503 if row.refused else 200
    send(clients, len(clients), status)
    processes.costs()
    rounds = [one_round(clients, status, processes) for _ in range(ROUNDS)]
    if row.refused:
        rpc(args, "webrtc_ims.load", "auto")
    for client in clients:
        client.wic.drop()
    return sorted(rounds, key=Costs.total)[ROUNDS // 2]


def result(costs):
    """What is kept of a row: instructions, of all, by part, and the greatest functions."""
    def top(cost, names):
        chosen = sorted(names, key=cost, reverse=True)[:TOP]
        return [[*function, round(cost(function))] for function in chosen]

    functions = [function for function in costs.self_ if costs.self_[function] > 0 or costs.calls[function] > 0]
    return {
        "total": round(costs.total()),
        "parts": {name: round(cost) for name, cost in costs.parts().items()},
        "entered": round(costs.entered),
        "inclusive": top(costs.inclusive, [f for f in functions if f[0] == OURS]),
        "inclusive_others": top(costs.inclusive, [f for f in functions if f[0] != OURS]),
        "exclusive": top(lambda function: costs.self_[function], functions),
    }


def parse_args():
    """What profile.sh says."""
    ap = argparse.ArgumentParser(description=__doc__)
    for name in ("server", "ca", "ctl", "data", "folder", "results", "rows"):
        ap.add_argument(f"--{name}", required=True)
    for name in ("port", "core-port"):
        ap.add_argument(f"--{name}", type=int, required=True)
    return ap.parse_args()


def main():
    """Rows of one server, into a file."""
    args = parse_args()
    party = multiprocessing.Process(target=core, args=(args.core_port,), daemon=True)
    party.start()
    try:
        processes = Processes(workers(args), args.folder)
        found = {name: result(measure(args, row, processes)) for name, row in chosen(args.rows).items()
                 if row.server == args.server}
    finally:
        party.terminate()
        party.join()
    with open(args.results, "w", encoding="utf-8") as f:
        json.dump(found, f, indent=1)


if __name__ == "__main__":
    main()
