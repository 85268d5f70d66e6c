# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""For cases about a WWSF whose users are members of ranges: a Scene that knows
the six ranges of ranges.sh, and a subscriber of the core who calls and is
called."""

from collections import namedtuple
from urllib.parse import quote

from flows import Flows
from scene import DOMAIN
from wic import Dialog, WicTimeout


class Range(namedtuple("Range", "name trigger pilot count")):
    """name: user part of the pilot, and in front of each member; trigger:
    start, first or token; pilot: whether it is registered by that; count:
    members are three digits."""

    @property
    def wildcard(self):
        """As the provisioning spells it."""
        return f"sip:{self.name}-!{'[0-9]{3}' if self.count else '.*'}!@{DOMAIN}"

    @property
    def on_wire(self):
        """The same as a URI has to be."""
        return quote(self.wildcard, safe=":!*@")

    @property
    def to(self):
        """The IMPU in To of its REGISTER."""
        return f"sip:{self.name}@{DOMAIN}" if self.pilot else self.on_wire

    def member(self, number):
        """User part of one of its IMPUs."""
        return f"{self.name}-{number}"

    def __str__(self):
        return f"{self.name} ({self.trigger}, To: {'pilot' if self.pilot else 'wildcard'})"


RANGES = (Range("range1", "start", True, False), Range("range6", "start", False, False),
          Range("range4", "first", True, False), Range("range2", "first", False, False),
          Range("range3", "token", True, True), Range("range5", "token", False, True))


class Ranges(Flows):
    """The Scene of such a case."""

    def member(self, of, number, **odd):
        """A connected WIC with a token for that member of the range."""
        wic = self.connected(of.member(number), **odd)
        if of.trigger == "token":
            wic.ua.token = self.token(wic.user, "--claim", f"range={of.wildcard}")
        return wic

    def joins(self, of, number, **odd):
        """The same, registered; what the eP-CSCF answers by itself is checked."""
        wic = self.member(of, number, **odd)
        answer = wic.register()
        self.eq(answer.status, 200, f"REGISTER of {wic.impu}")
        self.eq(answer.values("P-Associated-URI"), [f"<{wic.impu}>"], f"IMPUs of {wic.user}")
        self.eq(answer.values("Service-Route"), [f"<sip:orig@{self.scscf[0]}:{self.scscf[1]};lr>"],
                f"Service-Route of {wic.user}")
        self.eq(len(answer.all("Contact")), 1, f"contacts that {wic.user} is told of")
        return wic

    def leaves(self, wic):
        """It de-registers."""
        answer = wic.ask(wic.ua.register(0))
        self.eq((answer.status, answer.get("Contact")), (200, None), f"de-REGISTER of {wic.user}")

    def state_in_core(self, of):
        """How many contacts the core has for this range."""
        return len(self.core("registered", of.to).splitlines())

    def registers_log(self, of):
        """(Call-ID, CSeq, Expires) of each REGISTER for this range that the
        core has got, in order."""
        told = zip(*(self.said("REGISTER", name) for name in ("to", "ci", "cseq", "expires")))
        return [(call_id, int(cseq), int(expires)) for to, call_id, cseq, expires in told if to == of.to]

    def state(self, of):
        """That of the range in the eP-CSCF."""
        rows = self.rows("webrtc_ims.ranges")
        return next((row["state"] for row in rows if row.get("range") == of.wildcard), None)

    def registers(self, of, want, leaves=0):
        """The core has got so many REGISTERs for this range, and de-REGISTERs."""
        self.comes((want, leaves), lambda: (self.registers_of(of.to) - self.registers_of(of.to, 0),
                                            self.registers_of(of.to, 0)),
                   f"REGISTERs and de-REGISTERs of {of} in the core")

    def calls(self, wic, peer):
        """A call from a WIC to a subscriber of the core, answered and ended;
        returns the INVITE as it came out of the core."""
        invite = wic.ua.invite(peer.impu, headers=[wic.bearer])
        wic.send_sip(invite)
        got = peer.expect("INVITE")
        peer.reply(got, 200)
        dialog = Dialog.of_caller(wic.final(invite))
        wic.send_sip(wic.ua.ack(dialog))
        peer.expect("ACK")
        self.bye(wic, peer, dialog, headers=[wic.bearer])
        return got

    def called(self, peer, wic, others=()):
        """A call from a subscriber of the core: rings at the WIC and at the
        others, the WIC answers, the others are cancelled, the caller ends it."""
        invite = peer.call(peer.ua.invite(wic.impu))
        rings = {phone: phone.expect("INVITE") for phone in (wic, *others)}
        for phone, got in rings.items():
            self.eq(got.uri, phone.ua.contact.strip("<>"), f"Request-URI at {phone.user}")
            self.eq(got.values("P-Called-Party-ID"), [f"<{phone.impu}>"], f"who is called at {phone.user}")
            phone.reply(got, 180)
        for _ in rings:  # tm repeats a CANCEL when the 180 comes behind it
            peer.wait_for(lambda msg: msg.is_response and msg.status == 180 and msg.call_id == invite.call_id)
        wic.reply(rings[wic], 200)
        final = peer.final(invite)
        self.eq(final.status, 200, f"call to {wic.user}")
        dialog = Dialog.of_caller(final)
        peer.send_in_dialog(peer.ua.ack(dialog))
        wic.expect("ACK")
        for phone in others:
            phone.reply(phone.expect("CANCEL"), 200)
            phone.reply(rings[phone], 487)
            phone.expect("ACK")
        self.bye(peer, wic, dialog, f"BYE to {wic.user}")

    def not_there(self, peer, user, want=480):
        """A call from the core to somebody who is not registered."""
        invite = peer.call(peer.ua.invite(f"sip:{user}@{DOMAIN}"))
        try:
            final = peer.final(invite)
        except WicTimeout:
            self.ok(False, f"call to {user}", "no answer")
            return
        self.eq(final.status, want, f"call to {user}")
        peer.send_hop(peer.ua.ack_failure(invite, final))
