# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m crowd.sniff PLANE, in the namespace of the switches of net.sh:
a JSON line for each SIP request by UDP that a host sends on that plane:
t (monotonic), from, to (IP addresses), method, uri, call."""

import json
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3  # the bridge takes frames before those who ask for IP alone
IPV4 = b"\x08\x00"
UDP = 17


def ports(plane):
    """The switch's ports on that plane: what comes in there was sent by a host."""
    return [name for _, name in socket.if_nameindex() if name.endswith(f".{plane}")]


def request(frame):
    """(from, to, text of the head) of a SIP request by UDP, or None."""
    if frame[12:14] != IPV4 or frame[23] != UDP:
        return None
    start = 14 + (frame[14] & 15) * 4
    source, target = (socket.inet_ntoa(frame[i:i + 4]) for i in (26, 30))
    length = struct.unpack("!H", frame[start + 4:start + 6])[0]
    text = frame[start + 8:start + length].decode("latin-1")
    line = text.partition("\r\n")[0]
    return (source, target, text) if line.endswith(" SIP/2.0") else None


def call_id(text):
    """Call-ID of a request."""
    for line in text.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() in ("call-id", "i"):
            return value.strip()
    return ""


def main():
    """Until it is killed."""
    taps = []
    for name in ports(sys.argv[1]):
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        tap.bind((name, ETH_P_ALL))
        taps.append(tap)
    print(json.dumps({"ports": len(taps)}), flush=True)
    while True:
        for tap in select.select(taps, [], [])[0]:
            frame, (_, _, kind, _, _) = tap.recvfrom(65535)
            seen = request(frame) if kind != socket.PACKET_OUTGOING else None
            if seen:
                method, uri, _ = seen[2].partition("\r\n")[0].split(" ", 2)
                print(json.dumps({"t": time.monotonic(), "from": seen[0], "to": seen[1], "method": method,
                                  "uri": uri, "call": call_id(seen[2])}), flush=True)


if __name__ == "__main__":
    main()
