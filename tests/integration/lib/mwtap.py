# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tap on Mw: what the eP-CSCF sends to the core goes through it, byte for
byte. The core answers along Via, so the answers do not pass here.

    mwtap.py HOST:PORT TO_HOST:TO_PORT DIR    as a program: one file for each datagram in DIR"""

import os
import socket
import sys


def address(text):
    """("127.0.0.1", 5060) of "127.0.0.1:5060"."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def main(listen, to, folder):
    """Until it is ended from outside."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(address(listen))
        os.makedirs(folder, exist_ok=True)
        number = 0
        while True:
            data = sock.recv(65535)
            number += 1
            # Whole before it has its name: others read the folder meanwhile.
            with open(f"{folder}/part", "wb") as out:
                out.write(data)
            os.rename(f"{folder}/part", f"{folder}/{number:04d}.sip")
            sock.sendto(data, address(to))


def captured(folder):
    """Every datagram so far, in order."""
    names = sorted(n for n in os.listdir(folder) if n.endswith(".sip"))
    return [open(f"{folder}/{name}", "rb").read() for name in names]


if __name__ == "__main__":
    main(*sys.argv[1:])
