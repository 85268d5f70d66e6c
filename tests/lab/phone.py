# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers a plain SIP phone at the lab's core, as the P-CSCF that it stands for would, and
prints the Service-Route that it got.

    python3 phone.py ICSCF USER@DOMAIN PORT      the phone is at 127.0.0.1:PORT, UDP"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))

from wic import Mw, Ua  # noqa: E402 # pylint: disable=wrong-import-position

EXPIRES = 7200


def main(icscf, user, port):
    """The exit status."""
    host, _, sip_port = icscf.rpartition(":")
    name, _, domain = user.partition("@")
    with Mw(peer=(host, int(sip_port))) as mw:
        ua = Ua(f"sip:{user}", transport="UDP", via_host=f"{mw.addr[0]}:{mw.addr[1]}",
                contact=f"<sip:{name}@127.0.0.1:{port}>")
        answer = mw.ask(ua.register(EXPIRES, headers=[
            ("Path", f"<sip:phone@127.0.0.1:{port};lr>"), ("Require", "path"), ("P-Visited-Network-ID", domain),
            ("Authorization", f'Digest username="{user}", realm="{domain}", uri="sip:{domain}", nonce="", '
                              'response="", integrity-protected="auth-done"')]))
    if answer.status != 200:
        print(f"phone.py: {answer.start}", file=sys.stderr)
        return 1
    print(answer.values("Service-Route")[0].strip("<>"))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
