# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""An S-CSCF that knows of the called party only that he is in a range."""

from wic import Mw, Ua, WicTimeout

METHODS = ("INVITE", "MESSAGE", "OPTIONS", "SUBSCRIBE", "PUBLISH", "REFER", "NOTIFY", "INFO", "UPDATE", "PRACK",
           "FROBNICATE")


class RangeCore(Mw):
    """Sends requests for members of a range."""

    def __init__(self, scene):
        super().__init__(peer=scene.mw)
        self.scene = scene
        at = f"{self.addr[0]}:{self.addr[1]}"
        self.ua = Ua("sip:caller@other.test", transport="UDP", via_host=at, contact=f"<sip:caller@{at}>")
        self.own = f"127.0.0.1:{scene.mw[1]}"

    def request(self, method, impu, by="called-party", path=True, call_id=None, more=()):
        """by: where the called party stands."""
        uri = impu if by == "uri" else f"sip:0123456789abcdef01234567@{self.own}"
        headers = [("Contact", self.ua.contact), ("Content-Type", "text/plain"), ("Event", "presence"),
                   ("Refer-To", "<sip:carol@ims.test>"), *more]
        if by == "called-party":
            headers.append(("P-Called-Party-ID", f"<{impu}>"))
        routes = [f"<sip:range@{self.own};lr>"] if path else []
        return self.ua.request(method, uri, to=f"<{impu}>", call_id=call_id, body=b"hi", routes=routes, headers=headers)

    def rejected(self, what, want, impu, method="MESSAGE", **how):
        """The answer, which must be that status."""
        request = self.request(method, impu, **how)
        answer = self.scene.status(self, request, want, f"{method}, {what}")
        if method == "INVITE" and answer:
            self.send_sip(self.ua.ack_failure(request, answer))
        return answer

    def ask_again(self, request):
        """As over UDP. One that has the branch of the last one is taken for a
        retransmission while that is in work, a moment longer than its answer."""
        for timeout in (0.5, 1, 5):
            try:
                return self.ask(request, timeout)
            except WicTimeout:
                pass
        return self.ask(request)

    def bytes_of(self, impu, request):
        """The answer to a request that differs from others in its identity only,
        with that identity blanked."""
        return self.ask_again(request).to_bytes().replace(impu.encode(), b"IMPU")
