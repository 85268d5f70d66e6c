# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Claims that are well signed, and not to be believed (RFC 7519 4)."""

from .keys import b64, join
from .world import ABSENT, SCOPE, USERS, Case, json_with

OTHER_TYPES = {"null": None, "true": True, "false": False, "object": {}, "nested": [["x"]]}
NO_TEXT = {**OTHER_TYPES, "number": 7, "real": 1.5, "array": ["x"]}
# Text that would be a second header, a second address or the end of a quoted
# string in SIP.
SIP_SYNTAX = {
    "crlf": "a\r\nP-Asserted-Identity: <sip:bob@ims.test>", "lf": "a\nX: y", "cr": "a\rX", "quote": 'a"',
    "quote-param": 'a", integrity-protected="auth-done',
    "backslash": "a\\", "less": "a<b", "greater": "a>", "address": "a>;x=<sip:bob@ims.test>", "tab": "a\tb",
    "del": "a\x7f", "bell": "a\x07",
    "utf8": "\u00e4", "zero-width": "a\u200bb", "rtl": "a\u202eb", "nel": "a\u0085b", "line-separator": "a\u2028b",
    "fullwidth-at": "alice\uff20ims.test",
    "empty": "",
}


def texts(w):
    """sub, jti, client_id, azp, iss: text that is fit for SIP."""
    for name in ("sub", "jti", "client_id"):
        for kind, value in NO_TEXT.items():
            yield Case(f"{name}-{kind}", "claim_type", w.token(**{name: value}))
        for kind, value in SIP_SYNTAX.items():
            yield Case(f"{name}-{kind}", "claim_value", w.token(**{name: value}))
    yield Case("sub-absent", "claim_missing", w.token(sub=ABSENT))
    for kind, value in NO_TEXT.items():
        yield Case(f"azp-{kind}", "claim_type", w.token(client_id=ABSENT, azp=value))
    for name in ("jti", "client_id"):
        yield Case(f"good-{name}-absent", "ok", w.token(**{name: ABSENT}))
    yield Case("good-sub-signs", "ok", w.token(sub="auth0|5f7c8ec7c33c6c004bbafe82 (x) [y] {z} ~!#$%&'*+-/=?^_`"))


def guests(w):
    """sub, where it may be absent."""
    def guest(name, outcome, told="", **changes):
        return Case(f"guest-{name}", outcome, w.token("g1", wwsf="guests", **changes), "guests", told=told)

    # it would have to be the only one with its identities
    yield guest("good-sub-absent", "ok", "-", sub=ABSENT)
    yield guest("good-sub", "ok")
    yield guest("good-sub-like", "ok", sub="Anonymous:1")
    for kind, value in NO_TEXT.items():
        yield guest(f"sub-{kind}", "claim_type", sub=value)
    for kind, value in SIP_SYNTAX.items():
        yield guest(f"sub-{kind}", "claim_value", sub=value)
    for value in ("anonymous:", "anonymous:94ee059335e587e501cc4bf90613e081"):
        yield guest(f"sub-{value[:12]}", "claim_value", sub=value)
    for name in ("impi", "impu", "aud", "exp"):
        yield guest(f"no-sub-no-{name}", "claim_missing", sub=ABSENT, **{name: ABSENT})


def issuers(w):
    """iss is compared octet by octet."""
    yield Case("iss-absent", "claim_missing", w.token(iss=ABSENT))
    for kind, value in {**NO_TEXT, "own-in-array": ["https://shop.test"]}.items():
        yield Case(f"iss-{kind}", "claim_type", w.token(iss=value))
    for kind, value in SIP_SYNTAX.items():
        yield Case(f"iss-{kind}", "claim_value", w.token(iss=value))
    for kind, value in {
            "slash": "https://shop.test/", "upper": "HTTPS://shop.test", "host-upper": "https://SHOP.test",
            "http": "http://shop.test", "port": "https://shop.test:443",
            "dot": "https://shop.test.", "no-scheme": "shop.test", "blank": " https://shop.test",
            "tail": "https://shop.test ", "suffix": "https://shop.test.evil.test",
            "prefix": "https://evil-shop.test", "user": "https://shop.test@evil.test", "path": "https://shop.test/x",
            "query": "https://shop.test?x", "fragment": "https://shop.test#x",
            "percent": "https://sho%70.test", "list": "https://shop.test,https://bank.test", "star": "*",
            "other": "https://evil.test", "short": "h"}.items():
        yield Case(f"iss-like-{kind}", "issuer_unknown", w.token(iss=value))
    yield Case("good-iss", "ok", w.token())


def audiences(w):
    """aud is one string, or an array of strings (RFC 7519 4.1.3)."""
    yield Case("aud-absent", "claim_missing", w.token(aud=ABSENT))
    for kind, value in {**OTHER_TYPES, "number": 7, "real": 1.5, "number-beside": ["ims.test", 7],
                        "null-beside": ["ims.test", None],
                        "array-inside": [["ims.test"]], "object-key": {"ims.test": 1},
                        "object-inside": [{"aud": "ims.test"}], "true-inside": [True]}.items():
        yield Case(f"aud-{kind}", "claim_type", w.token(aud=value))
    for kind, value in {
            "other": "other.test", "empty": "", "empty-array": [], "array-of-empty": [""], "upper": "IMS.TEST",
            "blank": " ims.test", "tail": "ims.test ",
            "prefix": "ims.test.evil.test", "suffix": "evil.ims.test", "part": "ims", "list": "ims.test,other.test",
            "words": "other.test ims.test", "star": "*",
            "url": "https://ims.test", "slash": "ims.test/", "port": "ims.test:443", "dot": "ims.test.",
            "json": '["ims.test"]', "regex": "ims.tes.", "newline": "ims.test\n",
            "percent": "ims%2Etest", "others": ["a", "b"], "issuer": "https://shop.test", "client": "web-site",
            "scheme-upper": "SIP:ims.test"}.items():
        yield Case(f"aud-like-{kind}", "audience_mismatch", w.token(aud=value))
    for kind, value in {"array": ["ims.test"], "last": ["a", "b", "ims.test"], "second": "sip:ims.test",
                        "twice": ["ims.test", "ims.test"], "odd-beside": ["\u00e4\r\n", "ims.test"]}.items():
        yield Case(f"good-aud-{kind}", "ok", w.token(aud=value))


def times(w):
    """NumericDate (RFC 7519 2, 4.1.4 to 4.1.6)."""
    for name in ("exp", "nbf", "iat"):
        for kind, value in {**OTHER_TYPES, "text": str(w.now + 300), "array": [w.now + 300], "empty": "",
                            "words": "never", "iso": "2099-01-01T00:00:00Z"}.items():
            yield Case(f"{name}-{kind}", "claim_type", w.token(**{name: value}))
        for kind, value in {"minus-one": -1, "int64-most": 2**63 - 1, "int64-least": -2**63,
                            "year-10000": 253402300800, "uint64-half": 2**62,
                            "milliseconds": (w.now + 300) * 1000, "real-high": 1e18, "real-low": -1e18,
                            "real-minus": -0.5, "real-most": 1.7e308}.items():
            yield Case(f"{name}-{kind}", "claim_value", w.token(**{name: value}))
        for kind, text in {"int64-over": str(2**63), "uint64": str(2**64), "googol": "1" + "0" * 100,
                           "infinite": "1e400", "nan": "NaN", "hex": "0x7fffffff",
                           "leading-zero": f"0{w.now + 300}", "plus": f"+{w.now + 300}",
                           "underscore": "1_900_000_000", "comma": "1,5"}.items():
            payload = json_with(w.claims(**{name: ABSENT}), f'"{name}":{text}')
            yield Case(f"{name}-{kind}", "token_json", w.token(payload=payload))
    yield Case("exp-absent", "claim_missing", w.token(exp=ABSENT))
    yield Case("exp-upper", "claim_missing", w.token(exp=ABSENT, EXP=w.now + 300))
    yield Case("exp-blank", "claim_missing", w.token(exp=ABSENT, **{"exp ": w.now + 300}))
    yield Case("exp-homoglyph", "claim_missing", w.token(exp=ABSENT, **{"\u0435xp": w.now + 300}))
    yield Case("exp-in-header", "claim_missing", w.token(head={"exp": w.now + 300}, exp=ABSENT))
    yield from lives(w)


def lives(w):
    """Times that are numbers, and what they mean now."""
    now = w.now
    old = {"zero": 0, "one": 1, "1970": 86400, "real-zero": 0.0, "minus-zero": -0.0, "tiny": 1e-300,
           "hour-ago": now - 3600, "week-ago": now - 604800, "leeway-over": now - 90}
    yield from (Case(f"expired-{kind}", "token_expired", w.token(exp=value, iat=0)) for kind, value in old.items())
    late = {"nbf-hour": {"nbf": now + 3600}, "nbf-most": {"nbf": 253402300799}, "iat-hour": {"iat": now + 3600},
            "nbf-real": {"nbf": now + 3600.5},
            "iat-2038": {"iat": 2**31}, "nbf-minutes": {"nbf": now + 200}}
    yield from (Case(f"early-{kind}", "token_not_yet_valid", w.token(**change)) for kind, change in late.items())
    long = {"two-days": {"exp": now + 172800}, "2038": {"exp": 2**31 - 1}, "2106": {"exp": 2**32},
            "double": {"exp": 2**37}, "most": {"exp": 253402300799},
            "no-iat": {"exp": now + 172800, "iat": ABSENT}, "iat-zero": {"iat": 0}, "iat-old": {"iat": now - 90000},
            "iat-real": {"iat": 0.5},
            "day-and-a-bit": {"exp": now + 86400, "iat": now - 10}}
    yield from (Case(f"life-{kind}", "token_lifetime", w.token(**change)) for kind, change in long.items())
    near = {"now": now, "5-s": now + 5, "in-leeway": now - 10, "real": now + 5.9}
    yield from (Case(f"near-{kind}", "token_nearly_expired", w.token(exp=value)) for kind, value in near.items())
    exact = {"token_expired": {"exp": now - 60}, "token_nearly_expired": {"exp": now + 29},
             "token_lifetime": {"exp": now + 86401}}
    yield from (Case(f"border-{outcome}", outcome, w.token(**change), exact=True) for outcome,
                change in exact.items())
    yield Case("border-expired-real", "token_expired", w.token(exp=now - 59.1), exact=True)
    yield Case("border-nbf", "token_not_yet_valid", w.token(nbf=now + 61), exact=True)
    yield Case("border-nbf-real", "token_not_yet_valid", w.token(nbf=now + 60.1), exact=True)
    yield Case("border-iat", "token_not_yet_valid", w.token(iat=now + 61), exact=True)
    yield Case("border-near-real", "token_nearly_expired", w.token(exp=now + 29.9), exact=True)
    yield Case("border-not-expired", "token_nearly_expired", w.token(exp=now - 59), exact=True)
    good = {"exp": {"exp": now + 30}, "nbf": {"nbf": now + 60}, "iat": {"iat": now + 60},
            "life": {"exp": now + 86400, "iat": now}}
    yield from (Case(f"good-border-{kind}", "ok", w.token(**change), exact=True) for kind, change in good.items())
    fine = {"real": {"exp": now + 300.75}, "exponent": {"exp": float(now + 300)}, "no-iat": {"iat": ABSENT},
            "nbf-zero": {"nbf": 0}, "nbf-now": {"nbf": now},
            "iat-real": {"iat": now - 0.5}, "nbf-before-iat": {"nbf": now - 5000}}
    yield from (Case(f"good-life-{kind}", "ok", w.token(**change)) for kind, change in fine.items())
    text = json_with(w.claims(exp=ABSENT), f'"exp":{(now + 300) / 1e9!r}e9')
    yield Case("good-life-e9", "ok", w.token(payload=text))


def impis(w):
    """IMPI: user@domain (TS 23.003 13.3), and the WWSF's to give."""
    yield Case("impi-absent", "claim_missing", w.token(impi=ABSENT))
    for kind, value in {**NO_TEXT, "own-in-array": ["alice@ims.test"]}.items():
        yield Case(f"impi-{kind}", "claim_type", w.token(impi=value))
    wrong = {**SIP_SYNTAX, "no-at": "alice", "two-at": "alice@ims.test@ims.test", "no-user": "@ims.test",
             "no-host": "alice@", "at": "@", "uri": "sip:alice@ims.test",
             "port": "alice@ims.test:5060", "parameter": "alice@ims.test;x", "blank": "alice @ims.test",
             "first-blank": " alice@ims.test", "comma": "alice,bob@ims.test",
             "colon": "alice:pw@ims.test", "semicolon": "alice;bob@ims.test", "parenthesis": "alice(x)@ims.test",
             "percent": "%61lice@ims.test", "at-inside": "a@b@ims.test",
             "host-blank": "alice@ims .test", "host-underscore": "alice@ims_x.test", "host-dash": "alice@-ims.test",
             "host-empty-label": "alice@ims..test", "host-star": "alice@*",
             "long": "a" * 250 + "@ims.test", "address": "<alice@ims.test>", "ipv6-open": "alice@[::1",
             "newline-last": "alice@ims.test\n", "ipv4-short": "alice@127.1"}
    yield from (Case(f"impi-{kind}", "claim_value", w.token(impi=value)) for kind, value in wrong.items())
    for kind, value in {"other": "bob@ims.test", "case": "Alice@ims.test", "domain": "alice@evil.test",
                        "subdomain": "alice@x.ims.test", "suffix": "alice@ims.test.evil.test",
                        "ipv4": "alice@127.0.0.1",
                        "ipv6": "alice@[::1]", "star": "*@ims.test", "longer": "alice2@ims.test",
                        "bank": "pool21@ims.test", "plus": "alice+x@ims.test"}.items():
        yield Case(f"impi-foreign-{kind}", "impi_not_entitled", w.token(impi=value))
    for kind, value in {"host-upper": "alice@IMS.TEST", "host-dot": "alice@ims.test."}.items():
        yield Case(f"good-impi-{kind}", "ok", w.token(impi=value))
    yield Case("good-impi-other", "ok", w.token(impi="wic7@ims.test"), told="-")


def impus(w):
    """IMPU: a SIP or tel URI (TS 23.003 13.4), and the WWSF's to give."""
    yield Case("impu-absent", "claim_missing", w.token(impu=ABSENT))
    for kind, value in {**OTHER_TYPES, "number": 7, "real": 1.5, "null-inside": ["sip:alice@ims.test", None],
                        "number-inside": [7], "object-inside": [{}]}.items():
        yield Case(f"impu-{kind}", "claim_type", w.token(impu=value))
    wrong = {**SIP_SYNTAX, "empty-array": [], "array-of-empty": [""], "plain": "alice@ims.test",
             "http": "http://ims.test/alice", "mailto": "mailto:alice@ims.test", "urn": "urn:service:sos",
             "im": "im:alice@ims.test", "pres": "pres:alice@ims.test", "scheme": "sip:", "no-user": "sip:@ims.test",
             "no-at": "sip:ims.test", "no-host": "sip:alice@", "bracket": "<sip:alice@ims.test>",
             "name": '"Alice" <sip:alice@ims.test>', "name-plain": "Alice <sip:alice@ims.test>",
             "two": "sip:alice@ims.test,sip:bob@ims.test", "two-blank": "sip:alice@ims.test sip:bob@ims.test",
             "headers": "sip:alice@ims.test?Route=%3Csip:evil.test%3E", "headers-short": "sip:alice@ims.test?x",
             "password": "sip:alice:secret@ims.test", "two-at": "sip:alice@ims.test@evil.test",
             "port-0": "sip:alice@ims.test:0", "port-big": "sip:alice@ims.test:65536",
             "port-text": "sip:alice@ims.test:x", "port-empty": "sip:alice@ims.test:",
             "port-minus": "sip:alice@ims.test:-1",
             "percent-nul": "sip:alice%00@ims.test", "percent-crlf": "sip:alice%0d%0a@ims.test",
             "percent-del": "sip:alice%7f@ims.test", "percent-cut": "sip:alice%4@ims.test",
             "percent-odd": "sip:alice%zz@ims.test",
             "percent-host": "sip:alice@ims%2Etest", "blank": "sip:alice @ims.test",
             "first-blank": " sip:alice@ims.test", "last-blank": "sip:alice@ims.test ",
             "host-blank": "sip:alice@ims .test",
             "host-underscore": "sip:alice@ims_.test", "host-empty-label": "sip:alice@ims..test",
             "host-list": "sip:alice@ims.test,evil.test", "ipv6-open": "sip:alice@[::1",
             "param-empty": "sip:alice@ims.test;",
             "param-no-name": "sip:alice@ims.test;=x", "param-quote": 'sip:alice@ims.test;x="y"',
             "param-comma": "sip:alice@ims.test;x=1,2", "user-twice": "sip:alice@ims.test;user=phone;user=ip",
             "phone-letters": "sip:+4930abc@ims.test;user=phone", "brace": "sip:{alice}@ims.test",
             "pipe": "sip:a|b@ims.test", "hash": "sip:a#b@ims.test", "caret": "sip:a^b@ims.test",
             "backtick": "sip:`id`@ims.test",
             "tel-local": "tel:4930123", "tel-empty": "tel:", "tel-plus": "tel:+", "tel-letters": "tel:+4930abc",
             "tel-ext": "tel:+4930123;ext=5", "tel-isub": "tel:+4930123;isub=5",
             "tel-context": "tel:+4930123;phone-context=ims.test", "tel-at": "tel:+4930123@ims.test",
             "tel-blank": "tel:+4930 123", "long": "sip:" + "a" * 260 + "@ims.test",
             "long-params": "sip:alice@ims.test;x=" + "y" * 256,
             "good-and-bad": ["sip:alice@ims.test", "sip:"], "slashes": "sip://alice@ims.test",
             "scheme-blank": "sip :alice@ims.test", "newline-last": "sip:alice@ims.test\n",
             "wildcard": "sip:alice!.*!@ims.test", "wildcard-covered": "sip:wic!.*!@ims.test",
             "wildcard-escaped": "sip:wic%21.*%21@ims.test", "wildcard-empty": "sip:wic!!@ims.test"}
    # "//" and what follows is a user part, only not one of this WWSF's
    foreign = {"slashes": wrong.pop("slashes"), "other": "sip:bob@ims.test", "case": "sip:Alice@ims.test",
               "domain": "sip:alice@evil.test", "subdomain": "sip:alice@x.ims.test",
               "suffix": "sip:alice@ims.test.evil.test",
               "sips": "sips:alice@ims.test", "port": "sip:alice@ims.test:5061", "ipv4": "sip:alice@127.0.0.1",
               "ipv6": "sip:alice@[::1]", "star": "sip:*@ims.test", "escaped-at": "sip:alice%40evil.test@ims.test",
               "escaped-quote": "sip:alice%22@ims.test", "escaped-space": "sip:alice%20@ims.test",
               "one-of-two": ["sip:alice@ims.test", "sip:bob@ims.test"],
               "last-of-16": [f"sip:wic{n}@ims.test" for n in range(15)] + ["sip:bob@ims.test"],
               "bank": "sip:pool21@ims.test", "tel": "tel:+4931123", "tel-other": "tel:+15550001",
               "user-params": "sip:alice;x=y@ims.test",
               "double-escape": "sip:%2561lice@ims.test",
               "phone": "sip:+4930123@ims.test;user=phone", "utf8-escaped": "sip:%c3%a4@ims.test"}
    yield from (Case(f"impu-{kind}", "claim_value", w.token(impu=value)) for kind, value in wrong.items())
    yield from (Case(f"impu-foreign-{kind}", "impu_not_entitled", w.token(impu=value)) for kind,
                value in foreign.items())
    fine = {"scheme-upper": "SIP:alice@ims.test", "host-upper": "sip:alice@IMS.TEST",
            "escaped": "sip:%61lice@ims.test", "port": "sip:alice@ims.test:5060", "host-dot": "sip:alice@ims.test.",
            "params": "sip:alice@ims.test;transport=ws;maddr=192.0.2.1;lr", "array": ["sip:alice@ims.test"],
            "two": ["sip:alice@ims.test", "sip:wic1@ims.test"], "tel": ["sip:alice@ims.test", "tel:+49-30-(123).4"],
            "twice": ["sip:alice@ims.test", "SIP:%61lice@IMS.test:5060;x=y"]}
    yield from (Case(f"good-impu-{kind}", "ok", w.token(impu=value)) for kind, value in fine.items())


def scopes(w):
    """A word of one string, or of an array (RFC 9068 2.2.3)."""
    for kind, value in {**OTHER_TYPES, "number": 7, "number-beside": [SCOPE, 7], "null-beside": [SCOPE, None],
                        "object-key": {SCOPE: True}, "true-inside": [True]}.items():
        yield Case(f"scope-{kind}", "claim_type", w.token(scope=value))
    for kind, value in {"absent": ABSENT, "empty": "", "empty-array": [], "other": "openid", "upper": SCOPE.upper(),
                        "longer": SCOPE + "2", "shorter": SCOPE[:-1], "prefix": "x" + SCOPE,
                        "comma": f"openid,{SCOPE}", "plus": f"openid+{SCOPE}", "semicolon": f"{SCOPE};openid",
                        "words": SCOPE.replace("-", " "), "star": "*", "others": ["a", "b"],
                        "other-claim": ABSENT, "percent": SCOPE.replace("-", "%2D"),
                        "slash": f"{SCOPE}/read"}.items():
        more = {"scp": SCOPE} if kind == "other-claim" else {}
        yield Case(f"scope-like-{kind}", "scope_missing", w.token(scope=value, **more))
    for kind, value in {"tab": f"openid\t{SCOPE}", "newline": f"{SCOPE}\n", "crlf": f"{SCOPE}\r\nX: y",
                        "quote": f'{SCOPE} "', "array-blank": [f"openid {SCOPE}"], "utf8": f"{SCOPE} \u00e4",
                        "nel": f"{SCOPE}\u0085", "less": f"<{SCOPE}>"}.items():
        yield Case(f"scope-{kind}", "claim_value", w.token(scope=value))
    for kind, value in {"first": f"{SCOPE} openid", "last": f"openid {SCOPE}", "blanks": f"  {SCOPE}  ",
                        "array": [SCOPE], "array-two": ["openid", SCOPE]}.items():
        yield Case(f"good-scope-{kind}", "ok", w.token(scope=value))


def strict(w):
    """What one WWSF asks for beyond what every token must have."""
    def row(name, outcome, **changes):
        return Case(f"strict-{name}", outcome, w.token("s1", wwsf="strict", **changes), "strict")

    ims = {"impi": f"{USERS['strict']}@ims.test", "impu": f"sip:{USERS['strict']}@ims.test", "class": "gold"}
    rows = {
        "tenant-absent": ("claim_missing", {"tenant": ABSENT}), "tenant-other": ("claim_value", {"tenant": "blue"}),
        "tenant-case": ("claim_value", {"tenant": "Red"}), "tenant-null": ("claim_type", {"tenant": None}),
        "tenant-real": ("claim_type", {"tenant": 7.0}), "tenant-number-text": ("claim_value", {"tenant": "7"}),
        "tenant-other-number": ("claim_value", {"tenant": 8}), "tenant-false": ("claim_value", {"tenant": False}),
        "tenant-object": ("claim_type", {"tenant": {"red": 1}}),
        "tenant-array-other": ("claim_value", {"tenant": ["blue"]}),
        "tenant-array-empty": ("claim_value", {"tenant": []}),
        "tenant-array-null": ("claim_type", {"tenant": ["red", None]}),
        "tenant-prefix": ("claim_value", {"tenant": "redx"}),
        "class-absent": ("claim_missing", {"ims": {**ims, "class": ABSENT}}),
        "class-other": ("claim_value", {"ims": {**ims, "class": "lead"}}),
        "class-number": ("claim_type", {"ims": {**ims, "class": 1}}),
        "ims-absent": ("claim_missing", {"ims": ABSENT}), "ims-text": ("claim_type", {"ims": "gold"}),
        "ims-array": ("claim_type", {"ims": [ims]}), "ims-null": ("claim_type", {"ims": None}),
        "impi-absent": ("claim_missing", {"ims": {**ims, "impi": ABSENT}}),
        "impu-absent": ("claim_missing", {"ims": {**ims, "impu": ABSENT}}),
        "impi-top-level": ("claim_missing", {"ims": {**ims, "impi": ABSENT}, "impi": ims["impi"]}),
        "impu-type": ("claim_type", {"ims": {**ims, "impu": {"sip": 1}}}),
        "impu-foreign": ("impu_not_entitled", {"ims": {**ims, "impu": "sip:alice@ims.test"}}),
        "impi-foreign": ("impi_not_entitled", {"ims": {**ims, "impi": "alice@ims.test"}}),
        "client-other": ("wwsf_mismatch", {"client_id": "other-site"}),
        "client-absent": ("claim_missing", {"client_id": ABSENT}),
        "client-azp-only": ("claim_missing", {"client_id": ABSENT, "azp": "web-site"}),
        "client-array": ("claim_type", {"client_id": ["web-site"]}),
        "client-case": ("wwsf_mismatch", {"client_id": "Web-Site"}), "jti-absent": ("claim_missing", {"jti": ABSENT}),
        "iat-absent": ("claim_missing", {"iat": ABSENT}), "roles-absent": ("scope_missing", {"realm": {}}),
        "roles-other": ("scope_missing", {"realm": {"roles": ["user"]}}),
        "roles-type": ("claim_type", {"realm": {"roles": {SCOPE: 1}}}),
        "realm-text": ("claim_type", {"realm": SCOPE}),
        "scope-top-level": ("scope_missing", {"realm": {}, "scope": SCOPE}),
    }
    for name, (outcome, changes) in rows.items():
        if isinstance(changes.get("ims"), dict):
            changes = {**changes, "ims": {key: value for key, value in changes["ims"].items() if value is not ABSENT}}
        yield row(name, outcome, **changes)
    for name, changes in {"plain": {}, "number": {"tenant": 7}, "true": {"tenant": True},
                          "array": {"tenant": ["red", "blue"]},
                          "dotted": {"ims.class": "gold", "ims": {**ims, "class": "lead"}}}.items():
        yield Case(f"good-strict-{name}", "ok", w.token("s1", wwsf="strict", **changes), "strict")


def pages(w):
    """A token of one WWSF from the page of another: good, and not here."""
    for name, token, page in (("shop-on-bank", w.token(), "bank"),
                              ("bank-on-shop", w.token("es", wwsf="bank"), "shop"),
                              ("secret-on-shop", w.token("h32", wwsf="secret"), "shop"),
                              ("lone-on-strict", w.token(wwsf="lone"), "strict")):
        yield Case(f"page-{name}", "ok", token, page, told="wwsf_mismatch")
    yield Case("page-thin", "ok", w.token(), "thin", told="scenario_refused")
    yield Case("page-thin-none", "token_format", f"{b64('{}')}.{b64('{}')}.", "thin", told="scenario_refused")
    yield Case("page-forged", "signature_bad", join(w.stranger, "ES256", w.head(), w.claims()), "bank")


FAMILIES = (texts, guests, issuers, audiences, times, impis, impus, scopes, strict, pages)
