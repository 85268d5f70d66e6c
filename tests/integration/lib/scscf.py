# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core of one address that answers what the case says: for what a real one never sends."""

from collections import namedtuple

from wic import Mw, Ua, address_uri, response

# A REGISTER as the core got it, and the answer as the WIC did.
Exchange = namedtuple("Exchange", "got answer")


class Scscf(Mw):
    """I-CSCF and S-CSCF on the address that the eP-CSCF has for its next hop."""

    def __init__(self, scene):
        super().__init__(*scene.icscf, peer=scene.mw)
        self.ua = Ua("sip:caller@ims.test", transport="UDP", via_host=f"{self.addr[0]}:{self.addr[1]}",
                     contact=f"<sip:caller@{self.addr[0]}:{self.addr[1]}>")
        self.route = f"<sip:orig@{self.addr[0]}:{self.addr[1]};lr>"

    def asked(self, wic, request):
        """The request of the WIC, as it comes here."""
        wic.send_sip(request)
        return self.wait_for(lambda msg: not msg.is_response and msg.call_id == request.call_id
                             and msg.cseq == request.cseq)

    def answers(self, wic, code, reason=None, headers=(), **options):
        """A REGISTER of the WIC gets that answer; options: of Ua.register."""
        request = wic.ua.register(**options)
        got = self.asked(wic, request)
        self.answer(got, code, reason, headers)
        return Exchange(got, wic.final(request))

    def accepts(self, wic, *headers, params="", expires=600, **options):
        """The same with a 200 that registers it; params: further ones of its Contact."""
        request = wic.ua.register(**options)
        got = self.asked(wic, request)
        self.send_sip(response(got, 200, headers=[
            ("Contact", f"{got.get('Contact')}{params};expires={expires}"), *headers]))
        answer = wic.final(request)
        if answer.status == 200:
            wic.ua.registered(answer)
        return Exchange(got, answer)

    def request(self, method, registered, uri=None, headers=()):
        """A terminating request for the WIC that this REGISTER was of, along its Path."""
        more = [("Contact", self.ua.contact)] if method == "INVITE" else []
        return self.ua.request(method, uri or address_uri(registered.get("Contact")), to="<sip:callee@ims.test>",
                               headers=[*more, *headers], routes=registered.all("Path"))
