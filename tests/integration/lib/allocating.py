# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases in which users get their IMPU at registration."""

import threading

from flows import Flows
from scene import DOMAIN
from wic.sip import address_uri


class Allocating(Flows):
    """The Scene of such a case."""

    def user(self, name, *options, to=None, sub=True, **odd):
        """A connected WIC of a user: a name of the home domain or user@domain. Its
        To and From are that user, or to; options of "wims token mint"."""
        wic = self.connected("wic", **odd)
        wic.user = name
        wic.ua.token = self.token(name, *options, sub=sub, impu=False)
        wic.ua.impu = to or f"sip:{name}" + ("" if "@" in name else f"@{DOMAIN}")
        return wic

    def gets(self, wic, expires=600):
        """The IMPU that it gets, or the status of the refusal."""
        answer = wic.ask(wic.ua.register(expires))
        if answer.status != 200:
            return answer.status
        wic.ua.registered(answer)
        uris = [address_uri(value) for value in answer.values("P-Associated-URI")]
        self.eq(len(uris), 1, f"IMPUs of {wic.user}")
        wic.impu = uris[0]
        return wic.impu

    def joins(self, name, *options, **odd):
        """A WIC of that user, registered."""
        wic = self.user(name, *options, **odd)
        self.ok(isinstance(self.gets(wic), str), f"REGISTER of {name}")
        return wic

    def leaves(self, *wics):
        """They de-register and go."""
        for wic in wics:
            answer = wic.ask(wic.ua.register(0))
            self.eq((answer.status, answer.get("P-Associated-URI")), (200, None), f"de-REGISTER of {wic.user}")
            wic.drop()

    def refused(self, wic, status, reason):
        """Its REGISTER is; that outcome is counted."""
        before = self.counter(reason)
        answer = wic.ask(wic.ua.register())
        self.eq(answer.status, status, f"REGISTER of {wic.user}: {reason}")
        self.eq(self.counter(reason), before + 1, f"counter {reason}")
        return answer

    def block(self, wildcard):
        """What the registrar says of the block of that range."""
        block, = (row for row in self.rows("webrtc_ims.blocks") if row["range"] == wildcard)
        return block

    def rush(self, names, room):
        """Users that come at once for a block with room for so many; those who got one."""
        users, got = [self.user(name) for name in names], {}
        threads = [threading.Thread(target=lambda wic=wic: got.update({wic: self.gets(wic)})) for wic in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        have = [wic for wic in users if isinstance(got[wic], str)]
        self.eq((len(have), len({wic.impu for wic in have})), (room, room), "IMPUs, and distinct ones")
        self.eq([got[wic] for wic in users if wic not in have], [503] * (len(users) - room), "the rest is refused")
        return have
