#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws a ladder of SIP messages from log lines.

    cat LOG... | ladder.py --name ADDRESS=NAME... --port PORT=NAME... >ladder.txt

A line (anything may stand before it):

    LADDER <time> <rcv|snd> <proto> <src> <dst> <From URI> <first line> <Call-ID> <CSeq number> <CSeq method>

time is in seconds, with a fraction; src and dst are ip:port. The first line is the message's own, with or without
"SIP/2.0", and may hold blanks. A message that two logs show (out of one node, into the next) is drawn once. Ends that
no --name and no --port tells are clients: each is called by the user of the From of its REGISTER, or numbered."""

import argparse
import re
import sys
from dataclasses import dataclass

LINE = re.compile(
    r"LADDER (?P<time>\d+\.\d+) (?P<way>rcv|snd) (?P<proto>\S+) (?P<src>\S+) (?P<dst>\S+) (?P<from>\S+) "
    r"(?P<first>.+) (?P<callid>\S+) (?P<cseq>\d+ [A-Z]+)\s*$")
WIDTH = 34
TWICE_S = 2.0
NOT_TOLD = "WIC ?"
ORDER = ["eP-CSCF", "I-CSCF", "S-CSCF"]


@dataclass
class Message:
    time: float
    source: str
    target: str
    text: str
    key: tuple
    dialog: tuple
    response: bool


class Names:
    """Names for addresses."""

    def __init__(self, names, ports):
        self.names = dict(names)
        self.ports = dict(ports)
        self.clients = 0

    def learn(self, address, from_uri):
        """The client at this address sent a REGISTER."""
        user = re.match(r"sips?:([^@;:]+)@", from_uri)
        if user and not self.is_node(address):
            self.names[address] = f"WIC {user[1]}"

    def is_node(self, address):
        return self.names.get(address) in ORDER or address.rsplit(":", 1)[1] in self.ports

    def source(self, address):
        _, port = address.rsplit(":", 1)
        if address in self.names:
            return self.names[address]
        if port in self.ports:
            return self.ports[port]
        self.clients += 1
        self.names[address] = f"WIC {self.clients}"
        return self.names[address]

    def target(self, address, way):
        """What is sent on a connection may be logged with any port."""
        if way == "snd" and address not in self.names:
            return NOT_TOLD
        return self.source(address)


def cut(text, room):
    return text if len(text) <= room else text[:room - 2] + ".."


def first_line(found):
    """The same for what is logged on its way out and on its way in."""
    return found["first"].removeprefix("SIP/2.0 ").removesuffix(" SIP/2.0")


def label(found):
    """What stands on an arrow: method and URI, or status and method."""
    first, room = first_line(found).partition(" -- ")[0], WIDTH - 6
    if re.match(r"\d{3} ", first):
        method = f" ({found['cseq'].split()[1]})"
        return cut(first, room - len(method)) + method
    return cut(first, room)


def read(lines, names):
    found = [match for match in map(LINE.search, lines) if match]
    for match in found:
        if match["way"] == "rcv" and match["first"].startswith("REGISTER "):
            names.learn(match["src"], match["from"])
    return [Message(
        time=float(match["time"]),
        source=names.source(match["src"]),
        target=names.target(match["dst"], match["way"]),
        text=label(match),
        key=(match["src"], match["dst"], first_line(match), match["callid"], match["cseq"]),
        dialog=(match["callid"], match["cseq"].split()[0]),
        response=bool(re.match(r"\d{3} ", first_line(match)))) for match in found]


def find_targets(messages):
    """A node that sends on a connection does not know the port. Then the target of a response is the client that sent
    the request, and the target of a request the client that sent a response to it."""
    senders = {(m.dialog, m.response): m.source for m in messages if m.source.startswith("WIC")}
    for message in messages:
        if message.target == NOT_TOLD:
            message.target = senders.get((message.dialog, not message.response), NOT_TOLD)
    return messages


def once(messages):
    """Without the second sight of a message; a retransmission, later than that, stays."""
    seen = {}
    kept = []
    for message in sorted(messages, key=lambda m: m.time):
        before = seen.get(message.key)
        seen[message.key] = message.time
        if before is None or message.time - before > TWICE_S:
            kept.append(message)
    return kept


def columns(messages):
    present = {name for m in messages for name in (m.source, m.target)}
    return sorted(present - set(ORDER)) + [name for name in ORDER if name in present]


def arrow(left, right, text, towards_right):
    span = (right - left) * WIDTH - 1
    line = f" {text} ".center(span - 1, "-")
    return left, (line + ">" if towards_right else "<" + line)


def draw(message, names):
    a, b = names.index(message.source), names.index(message.target)
    if a == b:
        return None
    left, body = arrow(min(a, b), max(a, b), message.text, a < b)
    row = [" "] * (WIDTH * (len(names) - 1) + 1)
    for i in range(len(names)):
        row[i * WIDTH] = "|"
    start = left * WIDTH + 1
    row[start:start + len(body)] = body
    return "".join(row)


def pair(text):
    key, _, name = text.partition("=")
    return key, name


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", type=pair, action="append", default=[], metavar="ADDRESS=NAME")
    parser.add_argument("--port", type=pair, action="append", default=[], metavar="PORT=NAME")
    args = parser.parse_args()

    messages = once(find_targets(read(sys.stdin, Names(args.name, args.port))))
    if not messages:
        print("no SIP message in the log")
        return 1
    names = columns(messages)
    margin = " " * 10
    print(margin + "".join(name.ljust(WIDTH) for name in names).rstrip())
    start = messages[0].time
    for message in messages:
        row = draw(message, names)
        if row:
            print(f"{message.time - start:8.3f}  {row}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
