# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""HSS of the test core: Cx requests (TS 29.228 clause 6.1) answered from subscribers.json.

Runs inside Kamailio (app_python3). hss.cfg hands each Diameter request over as JSON and takes the
answer as JSON; state that must outlive a request is in the htable "server": IMPU -> S-CSCF name.
"""
import hashlib
import html
import json
import os
import re
import secrets
from urllib.parse import unquote

import KSR

CX = 16777216
VENDOR_3GPP = 10415
UAR, SAR, LIR, MAR, RTR = 300, 301, 302, 303, 304

# AVP codes, RFC 6733 and TS 29.229
USER_NAME, RESULT_CODE, SESSION_STATE, DEST_REALM = 1, 268, 277, 283
DEST_HOST, VENDOR_APP, VENDOR_ID, AUTH_APP = 293, 260, 266, 258
EXPERIMENTAL, EXPERIMENTAL_CODE = 297, 298
DIGEST_REALM, DIGEST_ALGORITHM, DIGEST_QOP, DIGEST_HA1 = 104, 111, 110, 121
VISITED, PUBLIC_ID, SERVER_NAME, CAPABILITIES, MANDATORY_CAPABILITY = 600, 601, 602, 603, 604
USER_DATA, NUM_AUTH_ITEMS, AUTH_SCHEME, AUTH_ITEM, ITEM_NUMBER = 606, 607, 608, 612, 613
ASSIGNMENT_TYPE, DEREG_REASON, REASON_CODE = 614, 615, 616
SIP_DIGEST_AUTHENTICATE = 635

SUCCESS, REJECTED = 2001, 5003
FIRST_REGISTRATION, SUBSEQUENT_REGISTRATION = 2001, 2002
USER_UNKNOWN, DO_NOT_MATCH, NOT_REGISTERED, ROAMING_NOT_ALLOWED = 5001, 5002, 5003, 5004
# Server-Assignment-Type: registration and re-registration keep the server, 3 only asks for the profile.
REGISTRATION, RE_REGISTRATION, UNREGISTERED_USER = 1, 2, 3


class Subscription:
    """One IMPI with its implicit registration set, in the order of the profile; shared_by: further
    IMPIs with the same set (TS 23.228 U.2.1.4: several WICs share an IMPU)."""

    def __init__(self, impi, impus, password=None, barred=(), shared_by=()):
        self.impi = impi
        self.impis = [impi, *shared_by]
        self.impus = impus
        self.password = password
        self.barred = set(barred)

    def profile(self, impu):
        """The IMSSubscription document (TS 29.228 annex E) for a request about impu."""
        listed = self.impus if impu in self.impus else [impu] + self.impus
        return ('<?xml version="1.0" encoding="UTF-8"?><IMSSubscription><PrivateID>%s</PrivateID>'
                '<ServiceProfile>%s</ServiceProfile></IMSSubscription>'
                % (html.escape(self.impi), "".join(self._identity(i) for i in listed)))

    def _identity(self, impu):
        barring = "<BarringIndication>1</BarringIndication>" if impu in self.barred else ""
        return "<PublicIdentity>%s<Identity>%s</Identity></PublicIdentity>" % (
            barring, html.escape(impu))


def wildcard_regex(impu):
    """Compiled expression of a wildcarded IMPU (TS 23.003 13.5), None for a distinct one."""
    if impu.count("!") < 2:
        return None
    prefix, rest = impu.split("!", 1)
    expression, suffix = rest.rsplit("!", 1)
    return re.compile("%s(?:%s)%s" % (re.escape(prefix), expression, re.escape(suffix)))


class Subscribers:
    """Every subscription, listed or made by a rule (prefix + number)."""

    def __init__(self, path, domain):
        with open(path, encoding="utf-8") as file:
            data = json.loads(file.read().replace("{domain}", domain))
        self.domain = domain
        self.visited = set(data["visited_networks"])
        self.rules = data["rules"]
        self.by_impu = {}
        self.by_impi = {}
        self.wildcards = []
        for entry in data["subscriptions"]:
            self._add(Subscription(**entry))

    def _add(self, sub):
        for impi in sub.impis:
            self.by_impi[impi] = sub
        for impu in sub.impus:
            self.by_impu[impu] = sub
            regex = wildcard_regex(impu)
            if regex:
                self.wildcards.append((regex, sub))

    def _by_rule(self, address):
        found = re.fullmatch(r"([a-z]+)(0|[1-9][0-9]*)@(.+)", address)
        if not found or found.group(3) != self.domain:
            return None
        for rule in self.rules:
            if rule["prefix"] == found.group(1) and rule["first"] <= int(found.group(2)) <= rule["last"]:
                return Subscription(address, ["sip:" + address])
        return None

    def find_impu(self, impu):
        """A distinct IMPU first, then the wildcards (TS 23.228 4.3.3.2b). An
        expression's brackets come escaped, as a URI must have them."""
        impu = unquote(impu)
        sub = self.by_impu.get(impu)
        if sub is None and impu.startswith("sip:"):
            sub = self._by_rule(impu[len("sip:"):])
        if sub is None:
            sub = next((s for regex, s in self.wildcards if regex.fullmatch(impu)), None)
        return sub

    def find_impi(self, impi):
        return self.by_impi.get(impi) or self._by_rule(impi)


# --- Diameter as the module's JSON ---


def text(code, value, vendor=VENDOR_3GPP):
    return {"avpCode": code, "vendorId": vendor, "Flags": 64, "string": value}


def number(code, value, vendor=VENDOR_3GPP):
    return {"avpCode": code, "vendorId": vendor, "Flags": 64, "int32": value}


def group(code, members, vendor=VENDOR_3GPP):
    return {"avpCode": code, "vendorId": vendor, "Flags": 64, "list": members}


def header():
    return [number(SESSION_STATE, 1, 0),
            group(VENDOR_APP, [number(VENDOR_ID, VENDOR_3GPP, 0), number(AUTH_APP, CX, 0)], 0)]


def result(code):
    return [number(RESULT_CODE, code, 0)]


def experimental(code):
    return [group(EXPERIMENTAL, [number(VENDOR_ID, VENDOR_3GPP, 0),
                                 number(EXPERIMENTAL_CODE, code, 0)], 0)]


class Request:
    """The AVPs of a request. The module gives a "string" for the base AVPs it knows and a hex dump
    ("data") for the others; only the dump is there whatever the length."""

    def __init__(self, document):
        self.avps = {avp["avpCode"]: avp for avp in json.loads(document)}

    def text(self, code):
        avp = self.avps.get(code, {})
        if "data" in avp:
            return bytes.fromhex(avp["data"]).decode("utf-8", "replace")
        return avp.get("string", "")

    def number(self, code):
        return self.avps.get(code, {}).get("int32", 0)


# --- the HSS ---


class Hss:
    """The object app_python3 calls; its methods take the (fake) SIP message first."""

    def __init__(self):
        self.domain = os.environ["CORE_DOMAIN"]
        self.scscf_host = os.environ["CORE_SCSCF_IP"]
        self.subscribers = Subscribers(os.environ["CORE_SUBSCRIBERS"], self.domain)
        self.answer = ""

    def child_init(self, rank):
        return 0

    def cx_request(self, msg):
        handlers = {UAR: self.on_uar, SAR: self.on_sar, LIR: self.on_lir, MAR: self.on_mar}
        command = KSR.pv.get("$diameter_command")
        handler = handlers.get(command)
        if handler is None:
            return -1
        KSR.htable.sht_inc("asked", str(command))
        request = Request(KSR.pv.get("$diameter_request"))
        # The module keeps a pointer into this string until the answer is sent: it must live on.
        self.answer = json.dumps(header() + handler(request))
        KSR.pv.sets("$diameter_response", self.answer)
        return 1

    def _pair(self, request):
        """(subscription, None) for an IMPI and IMPU that belong together, else (None, answer)."""
        sub = self.subscribers.find_impu(request.text(PUBLIC_ID))
        own = self.subscribers.find_impi(request.text(USER_NAME))
        if sub is None or own is None:
            return None, experimental(USER_UNKNOWN)
        if sub.impi != own.impi:
            return None, experimental(DO_NOT_MATCH)
        return sub, None

    @staticmethod
    def _server_of(sub):
        return next((s for s in (KSR.htable.sht_get("server", i) for i in sub.impus) if s), None)

    def on_uar(self, request):
        sub, error = self._pair(request)
        if error:
            return error
        if request.text(PUBLIC_ID) in sub.barred:
            return result(REJECTED)
        if request.text(VISITED) not in self.subscribers.visited:
            return experimental(ROAMING_NOT_ALLOWED)
        server = self._server_of(sub)
        if server:
            return experimental(SUBSEQUENT_REGISTRATION) + [text(SERVER_NAME, server)]
        return experimental(FIRST_REGISTRATION) + [
            group(CAPABILITIES, [number(MANDATORY_CAPABILITY, 0)])]

    def on_lir(self, request):
        sub = self.subscribers.find_impu(request.text(PUBLIC_ID))
        if sub is None or request.text(PUBLIC_ID) in sub.barred:
            return experimental(USER_UNKNOWN)
        server = self._server_of(sub)
        if not server:
            return experimental(NOT_REGISTERED)
        return result(SUCCESS) + [text(SERVER_NAME, server)]

    def on_sar(self, request):
        impu = request.text(PUBLIC_ID)
        if request.text(USER_NAME):
            sub, error = self._pair(request)
            if error:
                return error
        else:
            sub = self.subscribers.find_impu(impu)
            if sub is None:
                return experimental(USER_UNKNOWN)
        kind = request.number(ASSIGNMENT_TYPE)
        answer = result(SUCCESS) + [text(USER_NAME, sub.impi, 0), text(PUBLIC_ID, impu)]
        if kind in (REGISTRATION, RE_REGISTRATION):
            for member in sub.impus:
                KSR.htable.sht_sets("server", member, request.text(SERVER_NAME))
        elif kind != UNREGISTERED_USER:
            self._forget(sub)
            return answer
        return answer + [text(USER_DATA, sub.profile(impu))]

    def on_mar(self, request):
        sub, error = self._pair(request)
        if error:
            return error
        # Without a password in the profile any answer to the challenge is wrong.
        password = sub.password or secrets.token_hex(16)
        ha1 = hashlib.md5(("%s:%s:%s" % (sub.impi, self.domain, password)).encode()).hexdigest()
        item = group(AUTH_ITEM, [
            number(ITEM_NUMBER, 1), text(AUTH_SCHEME, "SIP Digest"),
            group(SIP_DIGEST_AUTHENTICATE, [
                text(DIGEST_REALM, self.domain, 0), text(DIGEST_ALGORITHM, "MD5", 0),
                text(DIGEST_QOP, "auth", 0), text(DIGEST_HA1, ha1, 0)])])
        return result(SUCCESS) + [
            text(USER_NAME, sub.impi, 0), text(PUBLIC_ID, request.text(PUBLIC_ID)),
            number(NUM_AUTH_ITEMS, 1), item]

    @staticmethod
    def _forget(sub):
        for member in sub.impus:
            KSR.htable.sht_rm("server", member)

    def send_rtr(self, msg, impu):
        """Network-initiated de-registration of the set impu is in; 1 when the S-CSCF answered."""
        sub = self.subscribers.find_impu(impu)
        if sub is None or not self._server_of(sub):
            return -1
        avps = header() + [
            text(DEST_REALM, self.domain, 0), text(DEST_HOST, self.scscf_host, 0),
            text(USER_NAME, sub.impi, 0)]
        avps += [text(PUBLIC_ID, member) for member in sub.impus]
        avps.append(group(DEREG_REASON, [number(REASON_CODE, 0)]))
        done = KSR.ims_diameter_server.diameter_request(self.scscf_host, CX, RTR, json.dumps(avps))
        self._forget(sub)
        return 1 if done == 1 else -1


def mod_init():
    return Hss()
