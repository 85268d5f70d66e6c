# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases about tokens that are asked about: see asked.sh."""

import os
import time

from flows import Flows
from scene import DOMAIN, SCOPE, Phone
from tokenserver import TokenServer

BANK, BOTH, SECRET = (os.environ[name] for name in ("BANK", "BOTH", "SECRET"))


class Asked(Flows):
    """A scene with a token server."""

    def __init__(self):
        super().__init__()
        self.server = TokenServer(int(os.environ["TOKENS"]), f"{self.run}/tls/server.pem",
                                  f"{self.run}/tls/server.key", "ep cscf", SECRET)
        self.tokens = 0
        self.good = 0  # REGISTERs that must have entered the core

    def in_core(self):
        """REGISTERs of WICs that entered the core; our own de-REGISTERs do not count, and
        come when they like."""
        return sum(expires != "0" for expires in self.said("REGISTER", "expires"))

    def opaque(self, user, **other):
        """A new token, of which the server says that; a value None leaves the
        member out."""
        self.tokens += 1
        token = f"opaque-{user}-{self.tokens}~{time.monotonic_ns()}+/=="
        now = int(time.time())
        answer = {"active": True, "token_type": "Bearer", "aud": DOMAIN, "iat": now, "exp": now + 600, "sub": user,
                  "scope": f"openid {SCOPE}", "impi": f"{user}@{DOMAIN}", "impu": f"sip:{user}@{DOMAIN}", **other}
        self.server.answers[token] = {name: value for name, value in answer.items() if value is not None}
        return token

    def wic(self, user, token, origin=BANK):
        """A WIC that is connected with that token."""
        phone = Phone(self, user, origin=origin).connect()
        phone.ua.token = token
        return phone

    def registers(self, user, token, status=200, origin=BANK, what=""):
        """The answer to one REGISTER over a connection of its own."""
        with self.wic(user, token, origin) as phone:
            answer = phone.register()
            self.eq(answer.status, status, f"REGISTER of {user} {what}")
            self.good += answer.status == 200
            return answer

    def becomes(self, phone, status, seconds):
        """Its REGISTERs are answered so before long."""
        end = time.monotonic() + seconds
        while (answer := phone.register()).status != status and time.monotonic() < end:
            time.sleep(0.2)
        self.eq(answer.status, status, f"REGISTER of {phone.user} after a while")

    def server_row(self, wwsf="bank"):
        """webrtc_ims.introspection of that WWSF."""
        return next(row for row in self.rows("webrtc_ims.introspection") if row["wwsf"] == wwsf)

    def nobody_waits(self, seconds=5):
        """All lookups have ended."""
        self.comes(0, lambda: self.counter("token_lookups"), "requests that wait for a token server", seconds)
        self.eq(self.server_row()["pending"], 0, "pending")
