# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The zone of docs/examples/dns as RFC 3263 reads it: where does a request for a domain go?"""

import shlex
import sys


def records(path):
    """{(owner, type): [data, ...]}, of the forms that stand in that file."""
    found, origin, owner = {}, "", ""
    with open(path, encoding="ascii") as zone:
        for line in zone:
            blank = line[0].isspace()
            words = shlex.split(line.partition(";")[0], posix=True)
            if not words or words[0] == "$TTL":
                continue
            if words[0] == "$ORIGIN":
                origin = words[1]
                continue
            if not blank:
                owner = origin if words[0] == "@" else f"{words.pop(0)}.{origin}"
                words = words[1:] if words[0] == "@" else words
            if words.pop(0) != "IN":
                sys.exit(f"FAIL: no record: {line}")
            kind = words.pop(0)
            if kind in ("NAPTR", "SRV", "NS"):
                words[-1] += f".{origin}"
            found.setdefault((owner, kind), []).append(words)
    return found


def targets(zone, domain, service):
    """Addresses by priority, as a list of sets."""
    naptr = [data for data in zone[domain, "NAPTR"] if data[3] == service]
    if len(naptr) != 1 or naptr[0][2] != "s":
        sys.exit(f"FAIL: NAPTR of {domain} for {service}: {naptr}")
    by_priority = {}
    for priority, _, port, host in zone[naptr[0][5], "SRV"]:
        (address,), = zone[host, "A"]
        by_priority.setdefault(int(priority), set()).add(f"{address}:{port}")
    return [by_priority[priority] for priority in sorted(by_priority)]


PLAIN = {"192.0.2.11:5060", "192.0.2.12:5060"}
ENHANCED = {"192.0.2.21:5060", "192.0.2.22:5060"}
WANTED = {"ims.test.": [PLAIN], "web.ims.test.": [ENHANCED, {"192.0.2.11:5060"}]}

ALL = records(sys.argv[1])
for NAME, WANT in WANTED.items():
    for SERVICE in ("SIP+D2U", "SIP+D2T"):
        GOT = targets(ALL, NAME, SERVICE)
        if GOT != WANT:
            sys.exit(f"FAIL: {NAME} {SERVICE}: {GOT}, expected {WANT}")
print(f"{len(ALL)} record sets; domains go where they should")
