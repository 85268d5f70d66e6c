# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tiny SIP user agent: it only builds messages and keeps the state that
the next one needs (Call-ID, CSeq, tags, route set). Sending is up to a Wic
or an Mw. Every builder takes extra headers as a list of (name, value)."""

import uuid

from .sip import SipMessage, address_uri

SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=sendrecv\r\n"
)

REASONS = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
    500: "Server Internal Error", 503: "Service Unavailable", 603: "Decline",
}


def new_id():
    """A fresh random token for Call-ID, tags and branches."""
    return uuid.uuid4().hex[:20]


def response(request, code, reason=None, headers=(), body=b"", to_tag=None):
    """The response to a request: Via, From, To, Call-ID, CSeq and
    Record-Route copied (RFC 3261 8.2.6.2). to_tag is used from 101 on when
    the request had none; a fresh one is made when it is None."""
    msg = SipMessage(f"SIP/2.0 {code} {reason or REASONS.get(code, 'Unknown')}", (), body)
    for name, value in request.headers:
        low = name.lower()
        if low in ("via", "v", "from", "f", "call-id", "i", "cseq", "record-route"):
            msg.add(name, value)
        elif low in ("to", "t"):
            tagged = code == 100 or request.tag("To")
            msg.add(name, value if tagged else f"{value};tag={to_tag or new_id()}")
    for name, value in headers:
        msg.add(name, value)
    return msg


class Dialog:
    """What one side knows of a dialog (RFC 3261 12)."""

    def __init__(self, call_id, local, remote, target, routes, cseq):
        self.call_id, self.local, self.remote = call_id, local, remote
        self.target, self.routes, self.cseq = target, routes, cseq

    @classmethod
    def of_caller(cls, resp):
        """From the response to our INVITE: route set is Record-Route reversed."""
        target = address_uri(resp.get("Contact") or resp.get("To"))
        return cls(resp.call_id, resp.get("From"), resp.get("To"), target,
                   resp.values("Record-Route")[::-1], resp.cseq[0])

    @classmethod
    def of_callee(cls, request, resp):
        """From the INVITE that we got and the response that we gave."""
        target = address_uri(request.get("Contact") or request.get("From"))
        return cls(request.call_id, resp.get("To"), request.get("From"), target,
                   request.values("Record-Route"), 0)


class Ua:
    """One user agent. impu: its public identity; token: put into
    Authorization: Bearer of each REGISTER; transport and via_host go into
    Via, contact into Contact (defaults: a WIC's, RFC 7118)."""

    def __init__(self, impu, token=None, transport="WSS", via_host=None, contact=None):
        self.impu, self.token, self.transport = impu, token, transport
        self.via_host = via_host or f"{new_id()[:12]}.invalid"
        user = impu.partition(":")[2].partition("@")[0]
        param = "ws" if transport in ("WS", "WSS") else transport.lower()
        self.contact = contact or f"<sip:{user}@{self.via_host};transport={param}>"
        self.instance = f"<urn:uuid:{uuid.uuid4()}>"
        self.reg_call_id, self.reg_tag, self.reg_cseq = new_id(), new_id(), 0
        self.service_routes = []

    def via(self):
        """A Via value with a fresh branch."""
        return f"SIP/2.0/{self.transport} {self.via_host};branch=z9hG4bK{new_id()};rport"

    def request(self, method, uri, from_=None, to=None, call_id=None, cseq=1,
                headers=(), body=b"", routes=()):
        """Any request; what is not given gets a good value of its own."""
        msg = SipMessage(f"{method} {uri} SIP/2.0", [("Via", self.via()), ("Max-Forwards", 70)], body)
        for route in routes:
            msg.add("Route", route)
        msg.add("From", from_ or f"<{self.impu}>;tag={new_id()}")
        msg.add("To", to or f"<{uri}>")
        msg.add("Call-ID", call_id or new_id())
        msg.add("CSeq", f"{cseq} {method}")
        for name, value in headers:
            msg.add(name, value)
        return msg

    # --- registration
    def register(self, expires=600, token=None, headers=(), contact=None):
        """REGISTER, the next of this UA's registration (same Call-ID, CSeq+1).

        token: for this one only; "" sends none; contact: the whole value."""
        self.reg_cseq += 1
        domain = self.impu.partition("@")[2]
        extra = [("Contact", contact or f'{self.contact};+sip.instance="{self.instance}";reg-id=1'),
                 ("Expires", expires), ("Supported", "path, outbound, gruu")]
        bearer = self.token if token is None else token
        if bearer:
            extra.append(("Authorization", f"Bearer {bearer}"))
        return self.request("REGISTER", f"sip:{domain}", f"<{self.impu}>;tag={self.reg_tag}",
                            f"<{self.impu}>", self.reg_call_id, self.reg_cseq, [*extra, *headers])

    def registered(self, resp):
        """Learn the Service-Route of the 200 OK (RFC 3608)."""
        self.service_routes = resp.values("Service-Route")

    # --- calls
    def invite(self, to, sdp=SDP, headers=()):
        """INVITE outside a dialog, along the Service-Route."""
        return self.request("INVITE", to, headers=[("Contact", self.contact),
                            ("Content-Type", "application/sdp"), *headers],
                            body=sdp, routes=self.service_routes)

    def message(self, to, text, headers=()):
        """MESSAGE outside a dialog."""
        return self.request("MESSAGE", to, headers=[("Content-Type", "text/plain"), *headers],
                            body=text, routes=self.service_routes)

    def cancel(self, invite):
        """CANCEL of an INVITE as it was sent: same Via, Route, CSeq number."""
        return self._same_transaction("CANCEL", invite, invite.get("To"))

    def ack_failure(self, invite, resp):
        """ACK of a response from 300 on (of the INVITE's own transaction)."""
        return self._same_transaction("ACK", invite, resp.get("To"))

    def _same_transaction(self, method, invite, to):
        msg = self.request(method, invite.uri, invite.get("From"), to, invite.call_id,
                           invite.cseq[0], routes=invite.all("Route"))
        return msg.set("Via", invite.get("Via"))

    def ack(self, dialog, headers=()):
        """ACK of the 2xx that made this dialog."""
        return self.request("ACK", dialog.target, dialog.local, dialog.remote, dialog.call_id,
                            dialog.cseq, headers, routes=dialog.routes)

    def in_dialog(self, dialog, method, headers=(), body=b""):
        """A new request inside a dialog (BYE, re-INVITE, INFO...)."""
        dialog.cseq += 1
        return self.request(method, dialog.target, dialog.local, dialog.remote, dialog.call_id,
                            dialog.cseq, headers, body, dialog.routes)

    def bye(self, dialog, headers=()):
        """BYE."""
        return self.in_dialog(dialog, "BYE", headers)

    def answer(self, request, code=200, sdp=None, headers=()):
        """Response of this UA, with its Contact; a 2xx to INVITE gets SDP."""
        extra = [("Contact", self.contact), *headers]
        if sdp is None and request.method == "INVITE" and 200 <= code < 300:
            sdp = SDP
        if sdp:
            extra.append(("Content-Type", "application/sdp"))
        return response(request, code, headers=extra, body=sdp or b"", to_tag=self.reg_tag)
