# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The form of a token: three parts, base64url, and JSON in two of them."""

import json

from .keys import b64, join, text_of
from .world import Case, json_with

FOREIGN = {"padding": "=", "plus": "+", "slash": "/", "space": " ", "tab": "\t", "cr": "\r", "nul": "\0",
           "bang": "!", "percent": "%3D", "hash": "#", "question": "?", "comma": ",", "colon": ":",
           "tilde": "~", "quote": "'", "latin1": "\xe9", "del": "\x7f", "at": "@", "semicolon": ";"}


def frames(w):
    """Serialisation (RFC 7515 3.1, 7)."""
    head, body = w.parts()
    good = w.token()
    signature = good.rpartition(".")[2]
    wrong = {
        "one-part": head, "two-parts": f"{head}.{body}", "four-parts": f"{good}.AAAA",
        "five-parts-jwe": f"{good}.AAAA.AAAA", "six-parts": f"{good}.a.b.c", "trailing-dot": good + ".",
        "leading-dot": "." + good, "dots-only": "..", "dot-only": ".", "many-dots": "." * 500,
        "no-header": f".{body}.{signature}", "no-signature": f"{head}.{body}.",
        "empty-all-but-signature": f"..{signature}",
        "double-dot": f"{head}..{body}.{signature}", "word": "token", "digits": "0",
    }
    yield from (Case(f"frame-{name}", "token_format", token) for name, token in wrong.items())
    flat = {"protected": head, "payload": body, "signature": signature}
    yield Case("frame-json-flattened", "token_format", json.dumps(flat).replace(" ", ""), told="auth_malformed")
    yield Case("frame-json-general", "token_format", told="auth_malformed", token=json.dumps(
        {"payload": body, "signatures": [{"protected": head, "signature": signature}]}).replace(" ", ""))
    mixed = json.dumps({"protected": head, "payload": body, "signature": signature, "x": "." + good + "."})
    yield Case("frame-json-mix", "token_format", mixed.replace(" ", ""), told="auth_malformed")
    yield Case("frame-bearer-twice", "token_base64", f"Bearer {good}")
    yield Case("frame-detached", "token_json", w.signed(f"{head}."))
    yield Case("frame-nested", "token_json", w.token(head={"cty": "JWT"}, payload=good))
    yield Case("frame-nested-unmarked", "token_json", w.token(payload=good))
    yield Case("frame-two-comma", "token_format", f"{good},{good}")
    yield Case("frame-two-space", "token_format", f"{good} {good}")
    yield Case("good-frame", "ok", good)


def with_foreign(w, part, text):
    """A token with that text in one part, well signed as it is spelled."""
    head, body = w.parts()
    if part == "header":
        return w.signed(f"{head[:8]}{text}{head[8:]}.{body}")
    if part == "payload":
        return w.signed(f"{head}.{body[:8]}{text}{body[8:]}")
    return w.token() + text


def encodings(w):
    """base64url has one spelling (RFC 7515 2, RFC 4648 3.5)."""
    for part in ("header", "payload", "signature"):
        for name, text in FOREIGN.items():
            told = "head_control_byte" if text in "\r\0\x7f" else "" if text < "\x7f" else "-"
            yield Case(f"b64-{part}-{name}", "token_base64", with_foreign(w, part, text), told=told)
    good = w.token()
    yield Case("b64-leading-space", "token_base64", f" {good}")
    for name, text in (("equals", "="), ("two-equals", "=="), ("three-equals", "==="), ("dot-equals", "A=")):
        yield Case(f"b64-end-{name}", "token_base64", good + text)
    head, body = w.parts()
    # both alphabets, where the text has bytes that need the last two letters
    for kid in ("es", "ed", "rs"):
        key = w.key(kid)
        while True:
            token = w.token(kid, note="\u00ff\u00fe\u00fb???>>>~~~")
            if "-" in token.rpartition(".")[2] and "_" in token.rpartition(".")[2]:
                break
        yield Case(f"b64-alphabet-{kid}", "token_base64", token.replace("-", "+").replace("_", "/"))
        text = ".".join(w.parts(kid))
        octets = key.sign(key.algs[0], text.encode())
        last = b64(octets)
        order = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for bits in (1, 2, 3, 5, 15):
            stray = order[order.index(last[-1]) | bits & (15 if len(octets) % 3 == 1 else 3)]
            if stray != last[-1]:
                yield Case(f"b64-stray-bits-{kid}-{bits}", "token_base64", f"{text}.{last[:-1]}{stray}")
        yield Case(f"b64-one-letter-more-{kid}", "signature_bad", f"{text}.{last}A")
    yield Case("b64-remainder-one", "token_base64", w.signed(f"{head}.{'A' * 5}"))
    yield Case("b64-hex-signature", "signature_bad", w.forged(lambda k, t: k.sign("ES256", t).hex().encode()))
    yield Case("good-b64", "ok", good)


def documents(claims):
    """JSON texts that are not one object, or are one in two ways."""
    text = json.dumps(claims)
    return {
        "empty": "", "blank": " ", "array": f"[{text}]", "string": json.dumps(text), "number": "7", "true": "true",
        "null": "null", "two-objects": text + text, "comma-behind": text + ",", "garbage-behind": text + "x",
        "nul-behind": text + "\0", "nul-and-object-behind": text + "\0{}", "comma-inside": text[:-1] + ",}",
        "open": text[:-1], "closed-twice": text + "}", "comment": text[:-1] + "/*x*/}", "line-comment": text + "//x",
        "single-quotes": text.replace('"', "'"), "no-quotes": text.replace('"', ""), "bom": "\ufeff" + text,
        "utf16": text.encode("utf-16"), "utf16le": text.encode("utf-16-le"),
        "latin1": text[:-1].encode() + b',"x":"\xe9"}',
        "overlong-utf8": text[:-1].encode() + b',"x":"\xc0\xaf"}',
        "surrogate-utf8": text[:-1].encode() + b',"x":"\xed\xa0\x80"}',
        "lone-surrogate": json_with(claims, r'"x":"\ud800"'), "low-surrogate": json_with(claims, r'"x":"\udc00"'),
        "swapped-surrogates": json_with(claims, r'"x":"\udc00\ud800"'),
        "escaped-nul": json_with(claims, r'"x":"a\u0000b"'),
        "escaped-nul-name": json_with(claims, r'"x\u0000":1'), "bad-escape": json_with(claims, r'"x":"\q"'),
        "short-escape": json_with(claims, r'"x":"\u12"'), "raw-newline": json_with(claims, '"x":"a\nb"'),
        "raw-tab": json_with(claims, '"x":"a\tb"'), "raw-nul": json_with(claims, '"x":"a\0b"'),
        "nan": json_with(claims, '"x":NaN'), "infinity": json_with(claims, '"x":-Infinity'),
        "hex": json_with(claims, '"x":0x10'),
        "octal": json_with(claims, '"x":010'), "plus": json_with(claims, '"x":+1'),
        "point-first": json_with(claims, '"x":.5'),
        "point-last": json_with(claims, '"x":5.'), "exponent": json_with(claims, '"x":1e'),
        "huge-real": json_with(claims, '"x":1e999'),
        "huge-int": json_with(claims, f'"x":{"9" * 400}'), "int64-over": json_with(claims, f'"x":{2**63}'),
        "int64-under": json_with(claims, f'"x":{-2**63 - 1}'), "true-capital": json_with(claims, '"x":True'),
        "undefined": json_with(claims, '"x":undefined'), "no-colon": json_with(claims, '"x" 1'),
        "no-value": json_with(claims, '"x":'),
        "name-number": json_with(claims, '1:1'), "twice": json_with(claims, '"x":1,"x":1'),
        "twice-escaped": json_with(claims, r'"x":1,"\u0078":1'),
        "twice-inside": json_with(claims, '"x":{"y":1,"y":2}'),
        "vertical-tab": "\x0b" + text, "form-feed": text + "\x0c", "nbsp": "\u00a0" + text,
        "deep-array": json_with(claims, f'"x":{"[" * 17}{"]" * 17}'),
        "deep-object": json_with(claims, '"x":' + '{"y":' * 17 + "1" + "}" * 17),
    }


def deep(claims):
    """Nesting that a recursive parser would follow; a header has no room for it."""
    return {"deep-open-1000": "[" * 1000, "deep-500": json_with(claims, f'"x":{"[" * 500}{"]" * 500}'),
            "deep-object-300": json_with(claims, '"x":' + '{"y":' * 300 + "1" + "}" * 300),
            "deep-mixed-200": json_with(claims, '"x":' + '[{"y":' * 200 + "1" + "}]" * 200)}


def harmless(members):
    """Unusual, but one object with one meaning."""
    text = json.dumps(members)
    return {"blanks": json.dumps(members, indent="\t"), "crlf": "\r\n" + text + "\r\n ",
            "escapes": text.replace("h", r"\u0068"),
            "unicode": json_with(members, '"name":"\u00dcn\u00efc\u00f6de \U0001f600"'),
            "pair": json_with(members, r'"x":"\ud83d\ude00"'), "solidus": text.replace("/", r"\/"),
            "deep-13": json_with(members, f'"x":{"[" * 13}{"]" * 13}'), "reals": json_with(members, '"x":-0.0e-5'),
            "int64-most": json_with(members, f'"x":[{2**63 - 1},{-2**63}]'),
            "nothing-like-it": json_with(members, '"":null'), "surrogate-text": json_with(members, r'"x":"\\ud800"')}


def json_texts(w):
    """JSON of the payload, and of the header (RFC 7515 4, RFC 7519 4)."""
    for name, text in {**documents(w.claims()), **deep(w.claims())}.items():
        yield Case(f"json-{name}", "token_json", w.token(payload=text))
    for name, text in documents(w.head()).items():
        yield Case(f"header-json-{name}", "token_format" if name == "array" else "token_json",
                   join(w.key("es"), "ES256", text or " ", w.claims()))
    for name, value in (("iss", "https://shop.test"), ("exp", w.now + 600), ("impu", "sip:alice@ims.test"),
                        ("aud", "ims.test"), ("sub", "alice")):
        yield Case(f"json-twice-{name}", "token_json",
                   w.token(payload=json_with(w.claims(), f'"{name}":{json.dumps(value)}')))
        escaped = "".join(f"\\u{ord(c):04x}" for c in name)
        yield Case(f"json-twice-escaped-{name}", "token_json",
                   w.token(payload=json_with(w.claims(), f'"{escaped}":{json.dumps(value)}')))
    for name, value in (("alg", "none"), ("alg", "ES256"), ("kid", "es"), ("typ", "JWT")):
        text = json_with(w.head(), f'"{name}":"{value}"')
        yield Case(f"header-twice-{name}-{value}", "token_json", join(w.key("es"), "ES256", text, w.claims()))
        text = f'{{"{name}":"{value}",' + text_of(w.head())[1:]
        yield Case(f"header-twice-{name}-{value}-first", "token_json", join(w.key("es"), "ES256", text, w.claims()))
    yield from (Case(f"good-json-{name}", "ok", w.token(payload=text)) for name, text in harmless(w.claims()).items())
    yield from (Case(f"good-header-json-{name}", "ok", join(w.key("es"), "ES256", text, w.claims()))
                for name, text in harmless(w.head()).items())


def sizes(w):
    """Each part has a size of its own."""
    good = w.token()
    room = 8192 - len(good)
    yield Case("size-8193", "token_too_long", good + "A" * (room + 1))
    yield Case("size-9000", "token_too_long", "a" * 9000)
    for size in (8191, 8192):
        yield Case(f"size-{size}-garbage", "token_format", "a" * size)
    yield Case("size-dots-9000", "token_too_long", "." * 9000)
    yield Case("size-signature-1367", "token_too_long", good + "A" * (1367 - 86))
    yield Case("size-signature-1024", "signature_bad", w.forged(lambda k, t: bytes(1024)))
    yield Case("size-signature-1025", "token_too_long", w.forged(lambda k, t: bytes(1026)))
    yield Case("size-header-1028", "token_too_long", w.token(head={"x": "x" * 720}))
    yield Case("size-header-big-numbers", "token_too_long", w.token(head={"x": list(range(400))}))
    yield Case("size-kid-256", "key_unknown", w.token(head={"kid": "k" * 256}))
    yield Case("size-kid-255", "key_unknown", w.token(head={"kid": "k" * 255}))
    yield Case("size-typ-128", "token_typ", w.token(head={"typ": "t" * 128}))
    yield Case("size-audiences-65", "claim_value", w.token(aud=["x"] * 64 + ["ims.test"]))
    yield Case("size-impus-17", "claim_value", w.token(impu=[f"sip:wic{n}@ims.test" for n in range(17)]))
    yield Case("size-impus-65", "claim_value", w.token(impu=["sip:alice@ims.test"] * 65))
    yield Case("size-scope-1025", "claim_value", w.token(scope="s" * 993 + " " + "webrtc-ims-client-access-to-ims"))
    yield Case("size-many-members-twice", "token_json",
               w.token(payload=json_with(w.claims(), ",".join(f'"m{n % 300}":1' for n in range(301)))))
    for name in ("sub", "jti", "client_id"):
        yield Case(f"size-{name}-256", "claim_value", w.token(**{name: "x" * 256}))
        yield Case(f"good-size-{name}-255", "ok", w.token(**{name: "x" * 255}))
    yield Case("size-iss-513", "claim_value", w.token(iss="https://" + "x" * 505))
    yield Case("good-size-audiences-64", "ok", w.token(aud=["x"] * 63 + ["ims.test"]))
    yield Case("good-size-impus-16", "ok",
               w.token(impu=["sip:alice@ims.test", *(f"sip:wic{n}@ims.test" for n in range(15))]))
    yield Case("good-size-members-300", "ok",
               w.token(payload=json_with(w.claims(), ",".join(f'"m{n}":1' for n in range(300)))))
    yield Case("good-size-header", "ok", w.token(head={"x": "x" * 680}))
    fill = w.token(note="")
    text = "x" * ((8190 - len(fill)) // 4 * 3)
    yield Case("good-size-8192", "ok", w.token(note=text))
    yield Case("size-payload", "token_too_long", w.token(note=text + "xxxxxx"))


FAMILIES = (frames, encodings, json_texts, sizes)
