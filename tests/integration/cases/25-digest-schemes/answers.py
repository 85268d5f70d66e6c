# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An Authorization header that answers a challenge with a fixed nonce, in an
algorithm that neither SIPp nor the lab's S-CSCF knows (RFC 7616 3.4.1, RFC 4169 3):

    answers.py ALGORITHM NONCE"""

import base64
import hashlib
import hmac
import sys

# What a USIM would make of the nonce: RES, IK and CK.
RES, IK, CK = b"\x01" * 8, b"\x02" * 16, b"\x03" * 16


def password(algorithm):
    """Of the user, or what AKA makes of RES and the keys."""
    if algorithm != "AKAv2-SHA-256":
        return b"dora-test-password"
    return base64.b64encode(hmac.new(RES + IK + CK, b"http-digest-akav2-password", hashlib.sha256).digest())


def answer(algorithm, nonce):
    """The header line."""
    def digest(*parts):
        return hashlib.sha256(b":".join(parts)).hexdigest().encode()

    ha1 = digest(b"dora-wic@ims.test", b"ims.test", password(algorithm))
    ha2 = digest(b"REGISTER", b"sip:ims.test")
    response = digest(ha1, nonce.encode(), b"00000001", b"c0ffee", b"auth", ha2).decode()
    return ('Authorization: Digest username="dora-wic@ims.test", realm="ims.test", '
            f'nonce="{nonce}", uri="sip:ims.test", response="{response}", algorithm={algorithm}, '
            'cnonce="c0ffee", qop=auth, nc=00000001')


print(answer(*sys.argv[1:]))
