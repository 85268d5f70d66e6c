# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Digest with MD5 and qop=auth (RFC 2617), as a WIC with a password answers it."""

import hashlib

from strict_sip import auth_params


def md5(text):
    """Hex digest."""
    return hashlib.md5(text.encode()).hexdigest()


def answer_to(challenge, impi, password, **extra):
    """Authorization of a REGISTER for that challenge; extra: parameters in place of its own."""
    asked = {name: value.strip('"') for name, value in auth_params(challenge)[1].items()}
    ha1, ha2 = md5(f"{impi}:{asked['realm']}:{password}"), md5("REGISTER:sip:ims.test")
    fields = {"username": f'"{impi}"', "realm": f'"{asked["realm"]}"', "nonce": f'"{asked["nonce"]}"',
              "uri": '"sip:ims.test"', "qop": "auth", "nc": "00000001", "cnonce": '"c0ffee"', "algorithm": "MD5",
              "response": '"' + md5(f"{ha1}:{asked['nonce']}:00000001:c0ffee:auth:{ha2}") + '"', **extra}
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())
