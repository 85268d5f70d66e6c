# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""rtr.py HOST PORT IMPU: asks the HSS on HOST:PORT to de-register IMPU; prints the status code."""
import secrets
import socket
import sys

SECONDS = 5


def main():
    host, port, impu = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    token = secrets.token_hex(8)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(SECONDS)
        # The HSS takes this request from its own address only.
        sock.bind((host, 0))
        sock.sendto((
            "RTR %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bK%s\r\nMax-Forwards: 1\r\n"
            "From: <sip:core@%s>;tag=%s\r\nTo: <%s>\r\nCall-ID: %s@%s\r\nCSeq: 1 RTR\r\n"
            "Content-Length: 0\r\n\r\n"
            % (impu, host, sock.getsockname()[1], token, host, token, impu, token, host)
        ).encode(), (host, port))
        print(sock.recv(65535).split(b" ", 2)[1].decode())


if __name__ == "__main__":
    main()
