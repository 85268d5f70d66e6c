# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An S-CSCF that calls members of a range, and WICs that ring."""

from scene import Scene, host_port
from wic import Dialog, Mw, Ua, WicClosed, WicTimeout


class Caller(Mw):
    """Somebody behind the S-CSCF."""

    def __init__(self, scene):
        super().__init__(peer=scene.mw)
        self.own = f"{scene.mw[0]}:{scene.mw[1]}"
        at = f"{self.addr[0]}:{self.addr[1]}"
        self.ua = Ua("sip:caller@other.test", transport="UDP", via_host=at, contact=f"<sip:caller@{at}>")

    def call(self, impu, method="INVITE"):
        """Sends the request as the S-CSCF does; returns it."""
        build = self.ua.invite if method == "INVITE" else lambda uri: self.ua.message(uri, "hi")
        request = build(f"sip:0123456789abcdef01234567@{self.own}")
        request.set("To", f"<{impu}>").add("P-Called-Party-ID", f"<{impu}>")
        request.add("Route", f"<sip:range@{self.own};lr>")
        request.add("Record-Route", f"<sip:mt@{self.addr[0]}:{self.addr[1]};lr>")
        self.send_sip(request)
        return request

    def ends(self, invite, timeout=None):
        """Status of the final answer, acknowledged when it is a failure."""
        answer = self.final(invite, timeout)
        if answer.status >= 300:
            self.send_sip(self.ua.ack_failure(invite, answer))
        return answer

    def talk(self, answer):
        """ACK of a 200; the dialog."""
        dialog = Dialog.of_caller(answer)
        dialog.routes = [route for route in dialog.routes if "<sip:mt@" not in route]
        self.along(self.ua.ack(dialog))
        return dialog

    def along(self, request):
        """Sends it to where its first Route leads."""
        uri = request.get("Route").partition("<sip:")[2].partition(">")[0].partition(";")[0]
        self.send_sip(request, host_port(uri.rpartition("@")[2]))
        return request


class Fork(Scene):
    """Scene with WICs that share an IMPU."""

    def __init__(self):
        super().__init__()
        self.cancels = []

    def repeated(self, msg):
        """tm sends a CANCEL once more when a 180 was still on its way."""
        return msg.method == "CANCEL" and msg.all("Via") in self.cancels

    def wic(self, user, q=None, **odd):
        """One more WIC of that user, with that q; odd: of Wic."""
        phone = self.connected(user, **odd)
        contact = f'{phone.ua.contact};+sip.instance="{phone.ua.instance}";reg-id=1' + (f";q={q}" if q else "")
        answer = phone.ask(phone.ua.register(contact=contact))
        self.eq(answer.status, 200, f"REGISTER of {user}")
        return phone

    def leave(self, *phones):
        """They de-register and go."""
        for phone in phones:
            self.eq(phone.register(expires=0).status, 200, f"de-REGISTER of {phone.user}")
            phone.drop()

    def rings(self, phone, what, code=180):
        """The INVITE that this WIC got, and answered so."""
        try:
            got = phone.expect("INVITE")
        except (WicTimeout, WicClosed) as why:
            self.ok(False, f"INVITE comes: {what}", repr(why))
            self.done()
        self.own_branch(phone, got, what)
        if code:
            phone.reply(got, code)
        return got

    def own_branch(self, phone, got, what):
        """It is this WIC's own: its Contact and one Record-Route of ours on top."""
        self.eq(got.uri, phone.ua.contact.strip("<>"), f"Request-URI: {what}")
        self.eq(got.all("Route"), [], f"Route: {what}")
        self.eq(len(got.values("Record-Route")), 2, f"Record-Routes: {what}")

    def cancelled(self, phone, got, what):
        """It gets CANCEL for just that INVITE, answers 487, and that is all."""
        try:
            cancel = phone.wait_for(lambda msg: not msg.is_response and msg.method == "CANCEL" and not self.repeated(msg))
        except (WicTimeout, WicClosed) as why:
            return self.ok(False, f"CANCEL comes: {what}", repr(why)) and None
        self.eq((cancel.uri, cancel.all("Via"), cancel.call_id), (got.uri, got.all("Via")[:1], got.call_id), f"CANCEL: {what}")
        self.cancels.append(cancel.all("Via"))
        phone.reply(cancel, 200)
        phone.reply(got, 487)
        ack = phone.expect("ACK")
        self.eq(ack.all("Via"), got.all("Via")[:1], f"ACK of the 487: {what}")
        return cancel
