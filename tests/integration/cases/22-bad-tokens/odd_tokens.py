# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens that no good WAF issues. "wims token mint" makes what libjwt can;
this makes the rest, byte by byte, and signs with the openssl program."""

import base64
import json
import subprocess
import time

P256_BYTES = 32


def b64(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def der_integer(der, at):
    """(value, place behind it) of the INTEGER at that place."""
    length = der[at + 1]
    return int.from_bytes(der[at + 2:at + 2 + length], "big"), at + 2 + length


def es256(key, data):
    """JWS signature (RFC 7518 3.4) over data with an EC key in PEM."""
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=data, check=True,
                         capture_output=True).stdout
    r, at = der_integer(der, 2)
    s, _ = der_integer(der, at)
    return r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")


def claims(**changes):
    """Good claims of alice, changed; None leaves one out."""
    now = int(time.time())
    good = {"iss": "https://wwsf.test", "aud": "ims.test", "sub": "alice", "jti": f"odd-{time.monotonic_ns()}",
            "client_id": "shop", "impi": "alice@ims.test", "impu": "sip:alice@ims.test",
            "scope": "webrtc-ims-client-access-to-ims", "iat": now, "exp": now + 600}
    good.update(changes)
    return {name: value for name, value in good.items() if value is not None}


class Mint:
    """Tokens signed with one key."""

    def __init__(self, key):
        self.key = key

    def raw(self, header, payload):
        """Header and payload as they are, as text or bytes, well signed."""
        parts = [b64(p if isinstance(p, bytes) else p.encode()) for p in (header, payload)]
        signed = ".".join(parts)
        return f"{signed}.{b64(es256(self.key, signed.encode()))}"

    def token(self, head=None, **changes):
        """Good but for these members of the header and these claims."""
        header = {"alg": "ES256", "typ": "JWT", "kid": "k1", **(head or {})}
        header = {name: value for name, value in header.items() if value is not None}
        return self.raw(json.dumps(header), json.dumps(claims(**changes)))
