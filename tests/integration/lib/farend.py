# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The far end: a core that keeps every byte, and what two parsers, a strict one
(strict_sip.py) and Kamailio's (probe.cfg, on the port of the environment's PROBE),
make of those bytes. What a WIC could smuggle past the eP-CSCF is asserted here.

    far = FarEnd(scene)
    raw = far.left(request)                     # None: it did not leave
    far.judge("MESSAGE, forged Route", raw, alice.impu)"""

import os
import re
import socket
from urllib.parse import unquote

from fakecore import FakeCore, kamailio_reads
from scene import until
from strict_sip import LONG_NAMES, Head, NotStrict, address, auth_params

EVIL = "evil.example"  # whatever a WIC forges has it
# Headers that the core believes because this node says them (TS 24.229 4.4), and those
# that steer a request. In a REGISTER the first are there once; the others may be there.
OURS = {"authorization", "path", "p-visited-network-id", "p-charging-vector", "contact"}
MAY = {"REGISTER": OURS | {"p-access-network-info"},
       "request": {"route", "record-route", "p-asserted-identity", "p-charging-vector", "p-access-network-info",
                   "p-profile-key", "p-early-media", "p-preferred-service"}}
TRUSTED = re.compile(r"(p|3gpp|security)-.*|(proxy-)?authorization|path|(service-|record-)?route|feature-caps|flow-timer"
                     r"|relayed-charge|re(source|storation)-.*|response-source|attestation-info|origination-id"
                     r"|additional-identity|cellular-network-info|priority-share|service-interact-info|identity(-info)?"
                     r"|remote-party-id|diversion")
NOT_OURS = ("p-early-media", "p-preferred-service", "p-access-network-info")  # a WIC may say what it likes there


def plain(name):
    """A header's name as the most generous parser reads it, in its long form."""
    short = re.sub(r"[^a-z0-9-]", "", name.lower().replace("_", "-"))
    return LONG_NAMES.get(short.encode(), short.encode()).decode()


def identity(uri):
    """sip:user@host of a URI: the public identity (TS 29.228 canonical form)."""
    scheme, _, rest = uri.partition(":")
    user, _, host = rest.partition("@")
    host = re.sub(r":\d+\Z", "", host.partition(";")[0].partition("?")[0])
    return f"{scheme.lower()}:{unquote(user)}@{host.lower().rstrip('.')}"


class Reading:
    """Bytes that left, by both parsers. by: {parser: [(name, value)]}."""

    def __init__(self, raw, head, believed, pairs):
        self.raw, self.method, self.uri, self.body, self.believed = raw, head.method, head.uri, head.body, believed
        self.by = {"strict": head.lines,
                   "Kamailio": [(plain(name), " ".join(value.split())) for name, value in pairs]}

    def every(self, name):
        """(parser, values) of each parser."""
        return [(parser, [value for known, value in lines if plain(known) == name.lower()])
                for parser, lines in self.by.items()]

    def names(self):
        """Each name that some parser sees."""
        return sorted({plain(name) for lines in self.by.values() for name, _ in lines})


class FarEnd:
    """The core of a scene, or another node on that port, and its judge."""

    def __init__(self, scene, port=None):
        self.scene, self.core = scene, FakeCore(port or scene.icscf[1])
        self.probe = os.environ["PROBE"]
        self.asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.asking.settimeout(5)

    def left(self, request, seconds=0.0):
        """The bytes of that request here; None: it did not leave, or not in time."""
        call_id, number = request.call_id, request.cseq[0]
        return until(seconds, lambda: next((raw for key, raw in list(self.core.got.items()) if key[:2] == (call_id, number)), None))

    def nothing_left(self, what, request):
        """It is not here."""
        raw = self.left(request)
        return self.scene.ok(raw is None, f"{what}: nothing leaves", raw)

    def read(self, what, raw):
        """Both parsers read it, and alike; None when one of them does not."""
        try:
            head = Head(raw)
        except NotStrict as why:
            self.scene.ok(False, f"{what}: a strict parser reads it", f"{why} {raw!r}")
            return None
        # nobody answers ACK or a response: but for its first line it is any request
        start, _, rest = raw.partition(b"\r\n")
        asked = b"OPTIONS sip:probe.invalid SIP/2.0" if head.method in ("SIP/2.0", "ACK") else start
        seen = kamailio_reads(asked + b"\r\n" + rest, self.probe, self.asking)
        if not self.scene.ok(seen, f"{what}: Kamailio's parser reads it", raw):
            return None
        got = Reading(raw, head, *seen)
        strict, other = (sorted(plain(name) for name, _ in lines) for lines in got.by.values())
        self.scene.eq(other, strict, f"{what}: both parsers see the same headers")
        return got

    def judge(self, what, raw, impu, by_core=False, mine=None):
        """raw is a request that such a user may have in the core. impu: who he is, ""
        for one who is not registered; by_core: the core authenticates him; mine: the IMPI of
        a token where it is not named as the IMPU. Returns its Reading or None."""
        got = self.read(what, raw)
        if got is None:
            return None
        self._addresses(what, got, impu)
        self._trusted(what, got, MAY.get(got.method, MAY["request"]))
        if got.method == "REGISTER":
            self._register(what, got, by_core, mine or impu[4:])
        else:
            self._request(what, got, impu)
        return got

    def judge_answer(self, what, raw, request, impu):
        """raw is what a user agent answers that request of the core with."""
        got = self.read(what, raw)
        if got is None:
            return None
        self._trusted(what, got, {"p-asserted-identity", "p-charging-vector", "p-early-media", "record-route"})
        for name in ("from", "call-id", "cseq", "via"):
            want = [" ".join(value.split()) for value in request.all(name)]
            for parser, values in got.every(name):
                self.scene.eq(values, want, f"{what}: {name} of the request, {parser}")
        for parser, values in got.every("to"):
            self.scene.ok(len(values) == 1 and values[0].startswith(request.get("To")), f"{what}: To of the request, {parser}", values)
        for parser, values in got.every("p-asserted-identity"):
            self.scene.ok(values in ([], [f"<{impu}>"]), f"{what}: asserted identity, {parser}", values)
        return got

    def _addresses(self, what, got, impu):
        """To, From and the like are there once; of a REGISTER they are the user's."""
        for name in ("to", "from", "call-id", "cseq"):
            for parser, values in got.every(name):
                if not self.scene.ok(len(values) == 1, f"{what}: one {name}, {parser}", values):
                    continue
                if name in ("to", "from"):
                    self._address(f"{what}: {name}, {parser}", values[0], impu if got.method == "REGISTER" else None)
                if name == "cseq":
                    self.scene.eq(values[0].split()[-1], got.method, f"{what}: method of CSeq, {parser}")

    def _address(self, what, value, impu):
        try:
            uri = address(value)
            self.scene.ok(impu is None or identity(uri) == impu, what, value)
        except NotStrict as why:
            self.scene.ok(False, what, f"{why} {value!r}")

    def _trusted(self, what, got, may):
        """Nothing of the trust domain is the WIC's, whoever reads it."""
        self.scene.ok(EVIL not in got.believed, f"{what}: believed by Kamailio", got.believed)
        self.scene.ok(b"Bearer" not in got.raw, f"{what}: no token", got.raw)
        for name in got.names():
            if not TRUSTED.fullmatch(name):
                continue
            self.scene.ok(name in may, f"{what}: {name} is not for a WIC to say", got.every(name))
            for parser, values in got.every(name):
                self.scene.ok(name in NOT_OURS or not any(EVIL in value for value in values), f"{what}: {name}, {parser}", values)
                self.scene.ok(not any("network-provided" in value for value in values), f"{what}: network-provided, {parser}", values)

    def _register(self, what, got, by_core, impi):
        for name in OURS - {"authorization"}:
            for parser, values in got.every(name):
                self.scene.ok(len(values) == 1 and EVIL not in values[0], f"{what}: one {name}, ours, {parser}", values)
        for parser, values in got.every("authorization"):
            if values == [] and by_core:
                continue
            self._credentials(f"{what}: Authorization, {parser}", values, by_core, impi)

    def _credentials(self, what, values, by_core, impi):
        """Ours, or those of the WIC with nothing of ours."""
        try:
            scheme, said = auth_params(values[0])
        except (NotStrict, IndexError) as why:
            self.scene.ok(False, what, f"{why} {values!r}")
            return
        good = len(values) == 1 and scheme == "Digest"
        if by_core:
            good = good and "auth-done" not in values[0].lower() and said.get("integrity-protected", '"tls-connected"') == '"tls-connected"'
        else:
            good = good and [said.get(name) for name in ("integrity-protected", "username", "response")] == ['"auth-done"', f'"{impi}"', '""']
        self.scene.ok(good, what, values)

    def _request(self, what, got, impu):
        """In a dialog, and of one who is not registered, nobody is asserted."""
        nobody = not impu or any(";tag=" in value for value in got.every("to")[0][1]) or got.method in ("ACK", "CANCEL")
        for parser, values in got.every("p-asserted-identity"):
            self.scene.ok(impu and values == [f"<{impu}>"] or nobody and values == [], f"{what}: asserted identity, {parser}", values)
        for parser, values in got.every("p-charging-vector"):
            self.scene.ok(len(values) <= 1 and (nobody or values), f"{what}: one P-Charging-Vector, {parser}", values)
        for parser, values in got.every("route"):
            self.scene.ok(all(self.core.uri in value for value in values), f"{what}: Route, {parser}", values)
