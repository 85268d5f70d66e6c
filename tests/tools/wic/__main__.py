# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Command line of the package: python3 -m wic --help"""

import argparse
import json
import ssl
import sys

from . import SipMessage, Ua, Wic, WicClosed, WicRefused, WicTimeout


def parse_args(argv):
    """The options."""
    ap = argparse.ArgumentParser(prog="python3 -m wic", description="one WSS connection to an eP-CSCF")
    ap.add_argument("server", help="host:port of the WSS listener")
    ap.add_argument("--ca", help="PEM file to verify the server against")
    ap.add_argument("--insecure", action="store_true", help="verify nothing (then --ca is not needed)")
    ap.add_argument("--name", help="SNI, Host and certificate name (default: host)")
    ap.add_argument("--origin", help="Origin header; none is sent without it")
    ap.add_argument("--subprotocol", default="sip", help="'' sends none (default: sip)")
    ap.add_argument("--path", default="/")
    ap.add_argument("--source-port", type=int, default=0)
    ap.add_argument("--timeout", type=float, default=5.0)
    ap.add_argument("--impu", default="sip:alice@ims.test")
    ap.add_argument("--token-file", help="file with the token for Authorization: Bearer")
    ap.add_argument("--send", metavar="FILE", help="send this SIP message ('-': standard input) "
                    "instead of a REGISTER; its line ends become CRLF")
    ap.add_argument("--listen", type=float, default=0, metavar="S",
                    help="then print what comes for S seconds")
    args = ap.parse_args(argv)
    if not args.ca and not args.insecure:
        ap.error("--ca FILE or --insecure is needed")
    return args


def first_message(args):
    """What is sent: a file's message or a REGISTER."""
    if args.send:
        with (sys.stdin if args.send == "-" else open(args.send, encoding="utf-8")) as src:
            head, _, body = src.read().replace("\r\n", "\n").partition("\n\n")
        return SipMessage.parse((head + "\n\n" + body).replace("\n", "\r\n").encode())
    token = None
    if args.token_file:
        with open(args.token_file, encoding="ascii") as src:
            token = src.read().strip()
    return Ua(args.impu, token=token).register()


def show(msg):
    """Print a message to standard output."""
    print(msg.to_bytes().decode("utf-8", "replace"), flush=True)


def talk(args, wic):
    """Send, print the final response and what comes after; exit status."""
    resp = wic.ask(first_message(args))
    show(resp)
    try:
        while args.listen:
            show(wic.recv_sip(args.listen))
    except WicTimeout:
        wic.close()
    return 0 if 200 <= resp.status < 300 else 1


def main(argv=None):
    """0: 2xx; 1: another answer; 2: no connection; 3: closed or timed out."""
    args = parse_args(argv)
    host, _, port = args.server.rpartition(":")
    wic = Wic(host, int(port), None if args.insecure else args.ca, args.name, args.origin,
              args.subprotocol or None, args.path, args.source_port, timeout=args.timeout)
    try:
        with wic.connect():
            return talk(args, wic)
    except WicRefused as why:
        print(json.dumps({"refused": why.status}), file=sys.stderr)
        return 2
    except WicClosed as why:
        print(json.dumps({"closed": why.code, "reason": why.reason}), file=sys.stderr)
        return 3
    except WicTimeout:
        print(json.dumps({"timeout": args.timeout}), file=sys.stderr)
        return 3
    except (OSError, ssl.SSLError) as why:
        print(json.dumps({"error": str(why)}), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
