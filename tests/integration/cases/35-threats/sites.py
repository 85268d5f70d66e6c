# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene with the web sites of this case on one listener, and its far end."""

from farend import FarEnd
from scene import Phone, Scene
from wic import WicClosed, WicTimeout

SHOP, THIN, BOTH, BANK, ACME = (f"https://{name}.test" for name in ("wwsf", "thin", "both", "bank", "acme"))
# What the core grants for the range: every member of it.
RANGE = {"sip:range1@ims.test": "<sip:range1@ims.test>, <sip:range1-!.*!@ims.test>"}


class Sites(Scene):
    """close_on_bad_token is off, so that one connection serves many attempts."""

    def __init__(self):
        super().__init__()
        self.far = FarEnd(self)
        self.far.core.listed.update(RANGE)

    def at(self, origin, user, *options, **odd):
        """A WIC of that site's page, connected; options: of its token, "" for none."""
        user, _, domain = user.partition("@")
        phone = Phone(self, user, origin=origin, **odd).connect()
        domain = domain or "ims.test"
        phone.impu = phone.ua.impu = f"sip:{user}@{domain}"
        identities = ("--impi", f"{user}@{domain}", "--impu", phone.impu)
        old, self.origin = self.origin, origin
        phone.ua.token = "" if options == ("",) else self.token(user, *identities, *options, impu=False)
        self.origin = old
        return phone

    def outcome(self, phone, request, raw=None, seconds=1.5):
        """Status of the final answer; 0: none came, -1: the connection ended."""
        try:
            phone.send_sip(request if raw is None else raw)
            final = phone.wait_for(lambda msg: msg.is_response and msg.status >= 200
                                   and msg.call_id in (request.call_id, None), seconds)
        except WicTimeout:
            return 0
        except (WicClosed, OSError):
            return -1
        if request.method == "INVITE" and final.status >= 300:
            phone.send_sip(phone.ua.ack_failure(request, final))
        return final.status

    def refused(self, what, phone, request, codes, raw=None):
        """Such an answer, and nothing leaves."""
        status = self.outcome(phone, request, raw)
        self.ok(status in codes, f"{what}: refused", status)
        self.far.nothing_left(what, request)
        return status

    def leaves(self, what, phone, request, impu=None, raw=None, **more):
        """It is answered by the core, which gets what it may get."""
        status = self.outcome(phone, request, raw)
        came = self.far.left(request, 1)
        if self.ok(came, f"{what}: leaves", status):
            return self.far.judge(what, came, phone.impu if impu is None else impu, **more)
        return None

    def counter_check(self, what, phone):
        """It is not for being deaf that nothing came."""
        self.leaves(f"{what}: a good one", phone, phone.ua.message("sip:carol@ims.test", "hi"))

    def alive(self, phone, again):
        """The phone, or again() when its connection has ended."""
        try:
            phone.ping(timeout=3)
            return phone
        except (WicClosed, WicTimeout, OSError):
            phone.drop()
            return again()

    def finish(self):
        """After the last part."""
        self.eq(self.far.core.strange, [], "what came to the core and is no message")
        for raw in list(self.far.core.got.values()):
            self.ok(b"Bearer" not in raw, "no token in the core", raw)
        self.done()
