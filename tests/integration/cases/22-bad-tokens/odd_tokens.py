# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Good claims of the case's own WWSF, and tokens that say otherwise."""

import time

from hostile.keys import Ec, join


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
        self.key = Ec.from_pem(key)

    def raw(self, header, payload):
        """Header and payload as they are, as text or bytes, well signed."""
        return join(self.key, "ES256", header, payload)

    def token(self, head=None, **changes):
        """Good but for these members of the header and these claims."""
        header = {"alg": "ES256", "typ": "JWT", "kid": "k1", **(head or {})}
        return self.raw({name: value for name, value in header.items() if value is not None}, claims(**changes))
