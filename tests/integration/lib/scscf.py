# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core of one address that answers what the case says: for what a real one never sends."""

from collections import namedtuple
from html import escape

from wic import Dialog, Mw, Ua, address_uri, response

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

    def subscribed(self, impu):
        """The SUBSCRIBE of the eP-CSCF for that identity comes, and is accepted."""
        got = self.wait_for(lambda msg: not msg.is_response and msg.method == "SUBSCRIBE" and impu in msg.get("To"))
        return Notifier(self, got)


class Notifier:
    """The core's side of a subscription to a registration (RFC 3680)."""

    def __init__(self, core, subscribe):
        self.core, self.impu, self.version = core, address_uri(subscribe.get("To")), -1
        self.expires = subscribe.get("Expires")
        ok = core.answer(subscribe, 200, headers=[("Contact", f"<{core.uri}>"), ("Expires", subscribe.get("Expires"))])
        self.dialog = Dialog.of_callee(subscribe, ok)

    def notify(self, *contacts, state="active", substate="active;expires=600", version=None, tag=None):
        """The final answer to a NOTIFY; contacts: (URI, state, event, further attributes)."""
        self.version = self.version + 1 if version is None else version
        listed = "".join(f'<contact id="c{i}" state="{now}" event="{event}" {more}><uri>{escape(uri)}</uri></contact>'
                         for i, (uri, now, event, more) in enumerate(contacts))
        body = ('<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" '
                f'version="{self.version}" state="{"full" if self.version == 0 else "partial"}">'
                f'<registration aor="{escape(self.impu)}" id="r1" state="{state}">{listed}</registration></reginfo>')
        request = self.core.ua.in_dialog(self.dialog, "NOTIFY", [
            ("Contact", f"<{self.core.uri}>"), ("Event", "reg"), ("Subscription-State", substate),
            ("Content-Type", "application/reginfo+xml")], body.encode())
        if tag:
            request.set("From", f"<{self.impu}>;tag={tag}")
        return self.core.ask(request)
