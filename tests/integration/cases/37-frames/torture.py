# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages after the clauses of RFC 4475: what they are about is the RFC's,
the texts are made here. A row: clause, start line, headers that replace or add
to those of a plain message (None: left out), body."""

VIA = "SIP/2.0/WSS t.invalid;branch=z9hG4bKtorture{n}"
PLAIN = {"Via": VIA, "Max-Forwards": "70", "From": "<sip:alice@ims.test>;tag=t{n}", "To": "<sip:bob@ims.test>",
         "Call-ID": "torture{n}", "CSeq": "1 {method}", "Contact": "<sip:alice@t.invalid;transport=ws>"}
MSG = "MESSAGE sip:bob@ims.test SIP/2.0"
REG = "REGISTER sip:ims.test SIP/2.0"
INV = "INVITE sip:bob@ims.test SIP/2.0"

ROWS = [
    ("3.1.1.1 wsinv", MSG, {"Via": None, "v": "SIP  / 2.0\r\n /WSS\r\n  t.invalid ;branch=z9hG4bKws ; x = \"a\\\"b\"",
                            "From": "\"J Rosenberg \\\\\\\"\"       <sip:alice@ims.test>\r\n  ;\r\n  tag = 98asjd8",
                            "CSeq": "0009\r\n  MESSAGE", "NewFangledHeader": "newfangled value\r\n continued"}, ""),
    ("3.1.1.2 intmeth", "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:"
     "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@ims.test SIP/2.0", {"CSeq": "139122385 !interesting-Method0123456789_*+`.%indeed'~",
                                                                     "To": "\"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" <sip:a@ims.test>"}, ""),
    ("3.1.1.3 esc01", "MESSAGE sip:sips%3Auser%40ims.test@ims.test SIP/2.0", {"To": "sip:%75se%72@ims.test"}, ""),
    ("3.1.1.4 escnull", REG, {"To": "sip:null-%00-null@ims.test", "From": "sip:null-%00-null@ims.test;tag=1",
                              "Contact": "<sip:%00@t.invalid>, <sip:%00%00@t.invalid>"}, ""),
    ("3.1.1.5 esc02", "RE%47IST%45R sip:ims.test SIP/2.0", {"To": "\"%Z%45\" <sip:resource@ims.test>", "CSeq": "29344 RE%47IST%45R"}, ""),
    ("3.1.1.6 lwsdisp", "OPTIONS sip:bob@ims.test SIP/2.0", {"From": "caller<sip:alice@ims.test>;tag=323"}, ""),
    ("3.1.1.7 longreq", MSG, {"To": "\"" + "I have a user name of " + "extreme " * 60 + "proportion\" <sip:bob@ims.test:6000;"
                              + "unknownparam1=" + "very" * 40 + "longvalue>", "Unknown-" + "Long" * 60 + "-Name": "x" * 700,
                              "Supported": ", ".join(f"opt{i}" for i in range(100))}, ""),
    ("3.1.1.8 dblreq", MSG, {"Content-Length": "0"}, "INVITE sip:bob@ims.test SIP/2.0\r\nVia: SIP/2.0/WSS x;branch=z9hG4bKx\r\n"
     "From: <sip:eve@evil.example>;tag=1\r\nTo: <sip:bob@ims.test>\r\nCall-ID: smuggled\r\nCSeq: 1 INVITE\r\n\r\n"),
    ("3.1.1.9 semiuri", "OPTIONS sip:user;par=u%40ims.test@ims.test SIP/2.0", {}, ""),
    ("3.1.1.10 transports", "OPTIONS sip:bob@ims.test SIP/2.0", {"Via": VIA + "\r\nVia: SIP/2.0/SCTP a;branch=z9hG4bKa\r\nVia: "
                                                                 "SIP/2.0/UNKNOWN b;branch=z9hG4bKb"}, ""),
    ("3.1.1.11 mpart01", MSG, {"Content-Type": "multipart/mixed;boundary=7a9cbec02ceef655"}, "--7a9cbec02ceef655\r\n\r\nHi\0\r\n--7a9"),
    ("3.1.1.12 unreason", "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe", {}, ""),
    ("3.1.1.13 noreason", "SIP/2.0 100 ", {}, ""),
    ("3.1.2.1 badinv01", INV, {"To": "\"J. User\" <sip:bob@ims.test>;;,;,,", "Via": VIA + ";;,;,,",
                               "Contact": "\"Joe\" <sip:joe@t.invalid>;;;;"}, ""),
    ("3.1.2.2 clerr", MSG, {"Content-Length": "9999"}, "short"),
    ("3.1.2.3 ncl", MSG, {"Content-Length": "-999"}, "body"),
    ("3.1.2.4 scalar02", REG, {"CSeq": "36893488147419103232 REGISTER", "Max-Forwards": "300", "Expires": "10" + "0" * 30,
                               "Contact": "<sip:alice@t.invalid>;expires=280297596632815"}, ""),
    ("3.1.2.5 scalarlg", "SIP/2.0 503 Service Unavailable", {"CSeq": "9292394834772304023312 OPTIONS", "Retry-After": "949302838503028349304023988",
                                                            "Warning": "1812 overture \"In Progress\""}, ""),
    ("3.1.2.6 quotbal", INV, {"To": "\"Mr. J. User <sip:bob@ims.test>"}, ""),
    ("3.1.2.7 ltgtruri", "INVITE <sip:bob@ims.test> SIP/2.0", {}, ""),
    ("3.1.2.8 lwsruri", "INVITE sip:bob@ims.test; lr SIP/2.0", {}, ""),
    ("3.1.2.9 lwsstart", "INVITE  sip:bob@ims.test  SIP/2.0", {}, ""),
    ("3.1.2.10 trws", "OPTIONS sip:bob@ims.test SIP/2.0  ", {}, ""),
    ("3.1.2.11 escruri", "INVITE sip:bob@ims.test?Route=%3Csip:evil.example%3E SIP/2.0", {}, ""),
    ("3.1.2.12 baddate", MSG, {"Date": "Fri, 01 Jan 2010 16:00:00 EST"}, ""),
    ("3.1.2.13 regbadct", REG, {"Contact": "sip:alice@t.invalid?Route=%3Csip:evil.example%3E"}, ""),
    ("3.1.2.14 badaspec", "OPTIONS sip:bob@ims.test SIP/2.0", {"To": "sip:bob@ims.test> <"}, ""),
    ("3.1.2.15 baddn", "OPTIONS sip:bob@ims.test SIP/2.0", {"From": "Bell, Alexander <sip:alice@ims.test>;tag=43"}, ""),
    ("3.1.2.16 badvers", "OPTIONS sip:bob@ims.test SIP/7.0", {"Via": "SIP/7.0/WSS t.invalid;branch=z9hG4bKv"}, ""),
    ("3.1.2.17 mismatch01", "OPTIONS sip:bob@ims.test SIP/2.0", {"CSeq": "8 INVITE"}, ""),
    ("3.1.2.18 mismatch02", "NEWMETHOD sip:bob@ims.test SIP/2.0", {"CSeq": "8 INVITE"}, ""),
    ("3.1.2.19 bigcode", "SIP/2.0 4294967301 better not break the receiver", {}, ""),
    ("3.2.1 badbranch", "OPTIONS sip:bob@ims.test SIP/2.0", {"Via": "SIP/2.0/WSS t.invalid;branch=z9hG4bK"}, ""),
    ("3.3.1 insuf", INV, {"Call-ID": None, "From": None, "To": None}, ""),
    ("3.3.2 unkscm", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", {}, ""),
    ("3.3.3 novelsc", "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", {}, ""),
    ("3.3.4 unksm2", REG, {"To": "isbn:2983792873", "Contact": "<name:John_Smith>"}, ""),
    ("3.3.5 bext01", "OPTIONS sip:bob@ims.test SIP/2.0", {"Require": "nothingSupportsThis, nothingSupportsThisEither",
                                                          "Proxy-Require": "noProxiesSupportThis, norDoAnyProxiesSupportThis"}, ""),
    ("3.3.6 invut", INV, {"Content-Type": "application/unknownformat"}, "<audio><pcmu/></audio>"),
    ("3.3.7 regaut01", REG, {"Authorization": "NoOneKnowsThisScheme opaque-data=here"}, ""),
    ("3.3.8 multi01", INV, {"CSeq": "5 INVITE\r\nCSeq: 59 INVITE", "Call-ID": "multi01\r\nCall-ID: other",
                            "From": "<sip:a@ims.test>;tag=1\r\nFrom: <sip:b@ims.test>;tag=2",
                            "Max-Forwards": "70\r\nMax-Forwards: 5", "Content-Length": "4\r\nContent-Length: 400"}, "body"),
    ("3.3.9 mcl01", "OPTIONS sip:bob@ims.test SIP/2.0", {"Content-Length": "13\r\nContent-Length: 5"}, "There's no way"),
    ("3.3.10 bcast", "SIP/2.0 200 OK", {"Via": "SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1"}, ""),
    ("3.3.11 zeromf", "OPTIONS sip:bob@ims.test SIP/2.0", {"Max-Forwards": "0"}, ""),
    ("3.3.12 cparam01", REG, {"Contact": "sip:+19725552222@t.invalid;unknownparam"}, ""),
    ("3.3.13 cparam02", REG, {"Contact": "<sip:+19725552222@t.invalid;unknownparam>"}, ""),
    ("3.3.14 regescrt", REG, {"Contact": "<sip:user@t.invalid?Route=%3Csip:sip.evil.example%3E>"}, ""),
    ("3.3.15 sdp01", INV, {"Content-Type": "application/sdp", "Accept": "text/nobodyKnowsThis"}, "v=0\r\n"),
    ("3.4.1 inv2543", INV, {"Via": "SIP/2.0/WSS t.invalid", "From": "sip:alice@ims.test", "Max-Forwards": None, "Contact": None}, ""),
]


def messages():
    """(what, bytes) of each row."""
    for n, (what, start, changes, body) in enumerate(ROWS):
        lines = [start]
        for name, value in {**PLAIN, "Content-Length": str(len(body)), **changes}.items():
            if value is not None:
                lines.append(f"{name}: {value}".replace("{n}", str(n)).replace("{method}", start.split(" ")[0]))
        yield what, ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")
