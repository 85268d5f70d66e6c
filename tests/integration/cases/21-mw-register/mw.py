# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a REGISTER looks like on Mw; see README.md."""

import os
import re

from mwtap import captured
from scene import Scene
from strict_sip import Head, NotStrict, auth_params
from wic import WicClosed

scene = Scene()
FOLDER = os.environ["MW_FOLDER"]
MW = f"{scene.mw[0]}:{scene.mw[1]}"
EVIL = "sip:bob@ims.test"
BEHIND = f"P-Asserted-Identity: <{EVIL}>\r\n\r\n".encode()
AUTH_DONE = ('Digest username="bob@ims.test", realm="ims.test", uri="sip:ims.test", nonce="", response="", '
             'integrity-protected="auth-done"')

# What a WIC may not say to the core, and would like to.
TRUST_DOMAIN = [
    ("P-Asserted-Identity", f"<{EVIL}>"), ("P-Visited-Network-ID", '"evil.test"'),
    ("P-Charging-Vector", "icid-value=evil;orig-ioi=evil.test"), ("P-Charging-Function-Addresses", "ccf=evil"),
    ("Path", "<sip:evil@192.0.2.1;lr>"), ("Service-Route", "<sip:orig@192.0.2.1;lr>"),
    ("Route", "<sip:192.0.2.1;lr>"), ("Record-Route", "<sip:192.0.2.1;lr>"),
    ("P-Served-User", f"<{EVIL}>"), ("P-Associated-URI", f"<{EVIL}>"), ("P-Profile-Key", f"<{EVIL}>"),
    ("P-Access-Network-Info", "3GPP-E-UTRAN-FDD;evil=1;network-provided"), ("P-User-Database", "<aaa://evil.test>"),
    ("Proxy-Authorization", AUTH_DONE), ("Security-Client", "ipsec-3gpp;evil=1"), ("P_Asserted_Identity", f"<{EVIL}>"),
    ("Restoration-Info", "noresponse;evil=1"), ("Feature-Caps", "*;+evil"), ("P-Evil", "1"), ("Unheard-Of", "evil"),
]
# Between a WIC and its P-CSCF alone.
AGREEMENT = [("Require", "sec-agree"), ("Proxy-Require", "Sec-Agree"), ("Supported", "sec-agree, gruu")]


def last_of(call_id):
    """The newest datagram of that Call-ID that the tap holds, or None."""
    return next((data for data in reversed(captured(FOLDER)) if call_id.encode() in data), None)


def one(head, name):
    """The one value of a header; a check that it is one."""
    values = head.all(name)
    scene.eq(len(values), 1, f"number of {name} headers")
    return values[0] if values else ""


def shows(line, good, seen):
    """A line of norms.md beside what is on the wire."""
    scene.ok(good, line, seen)
    print(f"   {'ok  ' if good else 'FAIL'} {line}\n        {seen}")


def like(head, name, pattern, line):
    """That header is there once and looks so."""
    value = one(head, name)
    shows(line, re.fullmatch(pattern, value), f"{name}: {value}")


def norms(head, data, phone):
    """norms.md, "REGISTER towards the core", one line after another."""
    like(head, "authorization",
         r'Digest username="alice@ims\.test", realm="ims\.test", uri="sip:ims\.test", nonce="", response="", '
         r'integrity-protected="auth-done"',
         "exactly one Authorization, the trusted node's (TS 33.203 X.3.2.3 step 5)")
    shows("the token is gone (RFC 8898 5)", b"Bearer" not in data and not any(
        part.encode() in data for part in phone.ua.token.split(".")), "no part of it in any byte")
    like(head, "p-visited-network-id", r"ims\.test", "P-Visited-Network-ID, token form (TS 33.203 U.1)")
    like(head, "path", rf"<sip:[A-Za-z0-9_-]{{32}}@{re.escape(MW)};lr;ob>",
         "Path with this node's own URI and a flow token (TS 24.229 5.2.2.1, RFC 3327 5.2)")
    like(head, "require", r"path", "Require: path (TS 24.229 5.2.2.1)")
    supported = ",".join(head.all("supported"))
    shows("Supported: path (RFC 3327 5.1)", "path" in re.split(r"\s*,\s*", supported), supported)
    shows("no sec-agree of the WIC, its other options yes (TS 24.229 5.2.2.1)",
          b"sec-agree" not in data.lower() and "gruu" in supported and not head.all("proxy-require"), supported)
    like(head, "p-charging-vector", r"icid-value=[0-9a-f]{16,};orig-ioi=ims\.test",
         "P-Charging-Vector with an icid of our own (TS 24.229 5.2.2.1)")
    shows("Request-URI is the home domain (TS 24.229 5.1.1.2)", head.uri == "sip:ims.test", head.uri)
    like(head, "max-forwards", r"69", "Max-Forwards is one less (RFC 3261 16.6)")
    like(head, "contact", rf'<sip:[0-9a-f]{{24}}@{re.escape(MW)}>.*\+sip\.instance="{re.escape(phone.ua.instance)}".*',
         "Contact is this node's, parameters the WIC's (TS 24.229 5.2.2)")
    like(head, "to", r"<sip:alice@ims\.test>", "To as the WIC wrote it")
    like(head, "expires", r"600", "Expires at least the core's minimum")
    vias = head.all("via")
    shows("Via: ours on top of the WIC's (RFC 3261 16.6)", len(vias) == 2 and MW in vias[0], vias)
    evil = [name for name, value in head.lines if "evil" in value or EVIL in value]
    shows("no header of the trust domain that the WIC sent (norms 4.16)", not evil, evil or "none")
    left = head.names() & {name.lower() for name, _ in TRUST_DOMAIN} - {"path", "p-visited-network-id",
                                                                       "p-charging-vector"}
    shows("nor an empty one of that name", not left, sorted(left) or "none")


def full_register(phone):
    """A REGISTER with everything that a WIC must not send."""
    scene.part("a REGISTER with every header of the trust domain")
    answer = phone.register(headers=TRUST_DOMAIN + AGREEMENT)
    scene.eq(answer.status, 200, "answer of the real core (the other parser)")
    data = last_of(phone.ua.reg_call_id)
    print("".join(f"   | {line}\n" for line in data.decode().splitlines()))
    norms(Head(data), data, phone)
    return data


def ids_differ(phone, first):
    """icid-value is one request's, Path the connection's."""
    scene.part("the next one")
    phone.register()
    again = Head(last_of(phone.ua.reg_call_id))
    scene.ok(again.all("p-charging-vector") != Head(first).all("p-charging-vector"), "icid-value is unique",
             again.all("p-charging-vector"))
    scene.eq(again.all("contact"), Head(first).all("contact"), "Contact of the refresh")


def variants():
    """(what, bytes put in before the Contact header)"""
    name, value = b"P-Asserted-Identity", EVIL.encode()
    plain = name + b": <" + value + b">\r\n"
    listed = {
        "in capitals": plain.replace(name, name.upper()), "in lower case": plain.replace(name, name.lower()),
        "twice": plain * 2, "folded value": name + b":\r\n <" + value + b">\r\n",
        "folded by a tab": name + b":\r\n\t<" + value + b">\r\n", "no blank": name + b":<" + value + b">\r\n",
        "blank before the colon": name + b" : <" + value + b">\r\n", "tab before the colon": name + b"\t: <" + value + b">\r\n",
        "name folded before the colon": name + b"\r\n : <" + value + b">\r\n",
        "LF only": b"X-A: b\n" + plain, "CR only": b"X-A: b\r" + plain, "LF CR": b"X-A: b\n\r" + plain,
        "CR CR LF": b"X-A: b\r\r\n" + plain, "NUL before the name": b"\0" + plain, "VT before the colon": name + b"\x0b: x\r\n",
        "NUL before the colon": name + b"\0: <" + value + b">\r\n", "0xA0 before the colon": name + b"\xa0: x\r\n",
        "0x85 as a line end": b"X-A: b\x85" + plain, "U+2028 as a line end": b"X-A: b\xe2\x80\xa8" + plain,
        "underscores": plain.replace(b"-", b"_"), "blank before the name": b"X-A: b\r\n " + plain, "tab before the name": b"X-A: b\r\n\t" + plain,
        "quotes round the name": b'"' + name + b'": x\r\n', "a colon first": b":" + plain, "escaped name": b"P%2DAsserted-Identity: x\r\n",
        "after a quote left open": b'Subject: "a\r\n' + plain, "after a comment": b"Subject: (a\r\n" + plain,
        "after a backslash": b"Subject: a\\\r\n" + plain,
    }
    other = {
        "Authorization twice": b"Authorization: " + AUTH_DONE.encode() + b"\r\n",
        "Authorization in small letters": b"authorization: " + AUTH_DONE.encode() + b"\r\n",
        "Authorization folded": b"Authorization:\r\n " + AUTH_DONE.encode() + b"\r\n",
        "Authorization with a blank": b"Authorization : " + AUTH_DONE.encode() + b"\r\n",
        "Authorization after NUL": b"X-A: \0\r\nAuthorization: " + AUTH_DONE.encode() + b"\r\n",
        "Proxy-Authorization": b"Proxy-Authorization: " + AUTH_DONE.encode() + b"\r\n",
        "Path": b"Path: <sip:bob@ims.test;lr>\r\n", "second To": b"To: <" + value + b">\r\n",
        "compact second To": b"t: <" + value + b">\r\n", "second From": b"f: <" + value + b">;tag=b\r\n",
        "second Call-ID": b"i: bob@ims.test\r\n", "second Expires": b"Expires: 0\r\nX-B: sip:bob@ims.test\r\n",
        "second CSeq": b"CSeq: 1 REGISTER\r\n", "P-Charging-Vector": b"P-Charging-Vector: icid-value=bob@ims.test\r\n",
        "PANI np": b"P-Access-Network-Info: IEEE-802.11;network-provided;x=bob@ims.test\r\n",
    }
    other["behind the head"] = b""
    return {**{f"P-Asserted-Identity {what}": odd for what, odd in listed.items()}, **other}


def clean(data):
    """What the strict reader finds wrong with a REGISTER on Mw; None: nothing."""
    try:
        head = Head(data)
        scheme, params = auth_params("".join(head.all("authorization")))
    except NotStrict as why:
        return str(why)
    if len(head.all("authorization")) != 1 or scheme != "Digest" or params["username"] != '"alice@ims.test"':
        return "Authorization is not ours"
    for name in ("via", "from", "to", "call-id", "cseq", "contact", "path", "p-charging-vector", "expires"):
        if len(head.all(name)) != (2 if name == "via" else 1):
            return f"{len(head.all(name))} {name} headers"
    evil = {name for name, value in head.lines if "bob" in value} - {"subject", "x-a", "x-b"}
    if evil or "p-asserted-identity" in head.names():
        return f"the WIC's {evil or 'P-Asserted-Identity'}"
    return "body" if head.body else None


def smuggle(what, odd):
    """One variant: refused before the core, or clean when it gets there."""
    with scene.connected("alice") as phone:
        request = phone.ua.register().add("Content-Length", 0).to_bytes()
        phone.send_sip(request.replace(b"Contact: ", odd + b"Contact: ", 1) + (b"" if odd else BEHIND))
        try:
            answer = phone.recv_sip()
            word = f"{answer.status} {answer.reason}"
        except WicClosed as end:
            word = f"closed {end.code} {end.reason}"
        scene.ok(word.startswith(("200", "400", "closed 4400")), f"{what}: outcome", word)
        data = last_of(phone.ua.reg_call_id)
        if word.startswith("200"):
            scene.eq(clean(data), None, f"{what}: REGISTER on Mw")
        else:
            scene.eq(data, None, f"{what}: datagram on Mw of a REGISTER that was refused")
        print(f"   {what}: {word}")


with scene.connected("alice") as wic:
    ids_differ(wic, full_register(wic))
tried = variants()
scene.part(f"{len(tried)} ways to smuggle a header in")
for each, insertion in tried.items():
    smuggle(each, insertion)
scene.eq(scene.core("registered", EVIL), "", "contacts of bob in the core")
scene.done()
