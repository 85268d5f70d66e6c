# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a header asks for (RFC 7515 4, RFC 8725 2 and 3)."""

from .keys import P256, Ec, Rsa, Secret, b64, der_of, join, text_of
from .world import ABSENT, Case

UNKNOWN_ALGS = {
    "none": "none", "none-capital": "None", "none-upper": "NONE", "none-mixed": "nOnE", "none-blank": " none",
    "none-tail": "none ", "lower": "es256", "title": "Es256", "blank-first": " ES256", "blank-last": "ES256 ",
    "newline": "ES256\n", "empty": "", "dash": "ES-256", "twofiftysix": "256", "list-text": "ES256,none",
    "es256k": "ES256K",
    "es1": "ES1", "rs1": "RS1", "hs1": "HS1", "rs": "RS", "rs2560": "RS2560", "dir": "dir", "a128kw": "A128KW",
    "rsa-oaep": "RSA-OAEP", "rsa1-5": "RSA1_5", "ecdh": "ECDH-ES", "pbes": "PBES2-HS256+A128KW", "ed25519": "Ed25519",
    "ed448": "Ed448", "eddsa-upper": "EDDSA", "eddsa-lower": "eddsa", "homoglyph": "\u0415S256",
    "fullwidth": "\uff25S256",
    "long-s": "E\u017f256", "sha256": "SHA256", "oid": "1.2.840.10045.4.3.2",
    "xmldsig": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "number": 256, "null": None, "true": True, "array": ["ES256"], "object": {"name": "ES256"}, "real": 1.5,
    "absent": ABSENT,
}
ALGS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384",
        "HS512")


def algs(w):
    """Spelling and kind of alg (RFC 8725 2.1, 3.1)."""
    for name, alg in UNKNOWN_ALGS.items():
        yield Case(f"alg-{name}", "alg_unknown", w.token(head={"alg": alg}))
    body = w.parts()[1]
    for name in ("none", "None", "NONE", "nOnE"):
        head = b64(text_of({"alg": name, "typ": "JWT"}))
        yield Case(f"none-{name}-unsigned", "token_format", f"{head}.{body}.")
        yield Case(f"none-{name}-letter", "alg_unknown", f"{head}.{body}.AA")
    yield Case("none-with-kid", "alg_unknown", w.forged(lambda k, t: b"x", alg="none"))
    yield Case("good-alg", "ok", w.token())


def confusion(w):
    """Each key with each algorithm that it is not for."""
    for kid, key in w.shop.items():
        for alg in ALGS:
            name = f"{alg}-by-{kid}"
            signer = next((k for k in w.shop.values() if alg in k.algs), None) or Secret(b"x" * 64)
            token = join(signer if alg not in key.algs else key, alg, w.head(kid, alg), w.claims())
            if kid == "pin":
                fits = alg == "RS256"
            else:
                fits = alg in key.algs
            yield Case(f"good-confusion-{name}" if fits else f"confusion-{name}", "ok" if fits else "alg_mismatch",
                       token)
    for kid, secret in w.secret.items():
        for alg in ALGS:
            fits = alg == "HS256" or (alg[0] == "H" and kid == "h64")
            token = join(secret if alg[0] == "H" else w.key("es"), alg, w.head(kid, alg, "secret"),
                         w.claims("secret"))
            yield Case(f"good-confusion-{alg}-by-{kid}" if fits else f"confusion-{alg}-by-{kid}",
                       "ok" if fits else "alg_mismatch", token, "secret")
    yield from public_as_secret(w)
    yield from same_family(w)


def public_as_secret(w):
    """A public key's text as HMAC secret (CVE-2015-9235 and its kin)."""
    rs, es = w.key("rs"), w.key("es")
    pem = rs.public_pem()
    texts = {
        "rs-pem": pem, "rs-pem-no-newline": pem.rstrip("\n"), "rs-pem-crlf": pem.replace("\n", "\r\n"),
        "rs-der": der_of(pem), "rs-jwk": text_of(rs.jwk(kid="rs")), "rs-n": rs.n.to_bytes(256, "big"),
        "rs-e": b"\1\0\1",
        "rs-n-text": rs.jwk()["n"], "es-x": es.x.to_bytes(32, "big"), "es-der": es.public_der(),
        "es-jwk": text_of(es.jwk(kid="es")),
        "empty": b"", "nul": b"\0", "zero": bytes(32), "blank": " ", "word": "secret", "kid": "rs",
        "issuer": "https://shop.test", "null": "null", "undefined": "undefined",
    }
    for name, text in texts.items():
        secret = Secret(text.encode() if isinstance(text, str) else text)
        for alg in ("HS256", "HS512"):
            kid = "es" if name.startswith("es") else "rs"
            yield Case(f"secret-{name}-{alg}", "alg_mismatch", join(secret, alg, w.head(kid, alg), w.claims()))
        yield Case(f"secret-{name}-of-hmac", "signature_bad",
                   join(secret, "HS256", w.head("h32", "HS256", "secret"), w.claims("secret")), "secret")


def same_family(w):
    """The header says one algorithm of the key, the signature is another's."""
    for kid, pairs in {"rs": (("RS256", "PS256"), ("PS256", "RS256"), ("RS256", "RS384"), ("RS512", "RS256"),
                              ("PS256", "PS512"), ("PS384", "PS256"))}.items():
        for said, done in pairs:
            token = join(w.key(kid), done, w.head(kid, said), w.claims())
            yield Case(f"confusion-said-{said}-done-{done}", "signature_bad", token)
    for kid in ("ed", "ed448"):
        other = "ed448" if kid == "ed" else "ed"
        yield Case(f"confusion-EdDSA-{kid}-by-{other}", "signature_bad",
                   join(w.key(other), "EdDSA", w.head(kid), w.claims()))
    for said, done in (("HS256", "HS512"), ("HS512", "HS256"), ("HS384", "HS256")):
        yield Case(f"confusion-said-{said}-done-{done}", "signature_bad",
                   join(w.secret["h64"], done, w.head("h64", said, "secret"), w.claims("secret")), "secret")


def kids(w):
    """kid names a key of the issuer and nothing else (RFC 8725 3.8, 3.10)."""
    tricks = {
        "other": "k2", "case": "ES", "blank": "es ", "first-blank": " es", "newline": "es\n", "prefix": "e",
        "longer": "es2", "path": "../../../../dev/null",
        "dev-null": "/dev/null", "proc": "/proc/sys/kernel/randomize_va_space", "sql": "x' UNION SELECT 'key",
        "shell": "es|id",
        "backtick": "`id`", "url": "https://evil.test/jwks.json", "file": "file:///etc/passwd", "star": "*",
        "percent": "%65s",
        "list": "es,rs", "zero": "0", "index": "1", "format": "%s%s%n", "brace": "${jndi:ldap://evil.test/x}",
        "crlf": "es\r\nX: y",
        "homoglyph": "\u0435s", "json": '{"kid":"es"}', "bank": "b1", "secret": "h32",
    }
    for name, kid in tricks.items():
        yield Case(f"kid-{name}", "key_unknown", w.token(head={"kid": kid}))
    yield Case("kid-empty", "key_unknown", w.token(head={"kid": ""}))
    yield Case("kid-absent", "key_unknown", w.token(head={"kid": ABSENT}))
    for name, kid in (("null", None), ("number", 1), ("true", True), ("array", ["es"]), ("object", {"es": 1})):
        yield Case(f"kid-{name}", "token_format", w.token(head={"kid": kid}))
    yield Case("kid-lone-named", "key_unknown", w.token(wwsf="lone", head={"kid": "es"}), "lone")
    yield Case("kid-lone-zero", "key_unknown", w.token(wwsf="lone", head={"kid": "0"}), "lone")
    yield Case("good-kid-lone", "ok", w.token(wwsf="lone"), "lone")


def issuers_and_keys(w):
    """The key belongs to the issuer (RFC 8725 3.8)."""
    rows = {
        "bank-by-shop-rs": (w.shop["rs"], "RS256", "rs", "bank", "signature_bad"),
        "bank-by-shop-es": (w.shop["es"], "ES256", "es", "bank", "signature_bad"),
        "shop-by-bank-rs": (w.bank["rs"], "RS256", "rs", "shop", "signature_bad"),
        "shop-by-bank-es": (w.bank["es"], "ES256", "es", "shop", "signature_bad"),
        "shop-by-secret": (w.secret["h32"], "HS256", "h32", "shop", "key_unknown"),
        "secret-by-shop": (w.shop["es"], "ES256", "es", "secret", "key_unknown"),
        "bank-by-shop-ed": (w.shop["ed"], "EdDSA", "ed", "bank", "key_unknown"),
        "thin-by-shop": (w.shop["es"], "ES256", "es", "thin", "issuer_unknown"),
    }
    for name, (key, alg, kid, issuer, outcome) in rows.items():
        head = {"alg": alg, "kid": kid, "typ": "JWT"}
        yield Case(f"cross-{name}", outcome, join(key, alg, head, w.claims(iss=f"https://{issuer}.test")))
    token = join(w.bank["es"], "ES256", {"alg": "ES256", "kid": "es"}, w.claims("bank"))
    yield Case("good-cross-bank", "ok", token, "bank")
    mine, theirs = w.token(), w.token(impu="sip:wic1@ims.test", impi="wic1@ims.test", sub="wic1")
    for name, parts in (("payload", (mine, theirs, mine)), ("signature", (mine, mine, theirs)),
                        ("header", (w.token("rs"), mine, mine))):
        spliced = ".".join(token.split(".")[i] for i, token in enumerate(parts))
        yield Case(f"splice-{name}", "signature_bad", spliced)


def embedded(w):
    """Keys that a token brings along are never read (CVE-2018-0114)."""
    thief = Ec(P256)
    chain = [b64(b"0" * 64)]
    members = {
        "jwk": {"jwk": thief.jwk()}, "jwk-kid": {"jwk": thief.jwk(kid="es")},
        "jwk-private": {"jwk": {**thief.jwk(), "d": "AA"}},
        "jku": {"jku": "https://evil.test/jwks.json"}, "jku-own": {"jku": "https://shop.test@evil.test/jwks.json"},
        "jku-file": {"jku": "file:///tmp/x"}, "x5u": {"x5u": "https://evil.test/cert.pem"}, "x5c": {"x5c": chain},
        "x5t": {"x5t": "AAAA"}, "x5t-s256": {"x5t#S256": "AAAA"},
        "all": {"jwk": thief.jwk(), "jku": "https://evil.test/", "x5c": chain},
        "oct": {"jwk": {"kty": "oct", "k": "AAAA"}}, "iss-header": {"iss": "https://bank.test"},
        "epk": {"epk": thief.jwk()},
        "pem": {"x5c": "-----BEGIN PUBLIC KEY-----"},
    }
    for name, extra in members.items():
        yield Case(f"embed-{name}", "signature_bad", join(thief, "ES256", w.head(changes=extra), w.claims()))
        yield Case(f"embed-{name}-new-kid", "key_unknown",
                   join(thief, "ES256", w.head(changes={**extra, "kid": "thief"}), w.claims()))
        yield Case(f"good-embed-{name}", "ok", w.token(head=extra))


def extensions(w):
    """crit, b64, zip, cty, typ: nothing is understood that is not known."""
    crits = {"exp": ["exp"], "b64": ["b64"], "unknown": ["x"], "empty": [], "null": None, "text": "exp", "number": 1,
             "object": {},
             "true": True, "alg": ["alg"], "twice": ["exp", "exp"], "http": ["http://example.com/UNDEFINED"]}
    for name, crit in crits.items():
        yield Case(f"crit-{name}", "token_crit", w.token(head={"crit": crit, "b64": ABSENT}))
    for name, value in (("false", False), ("true", True), ("null", None), ("text", "false"), ("number", 0)):
        yield Case(f"b64-member-{name}", "token_crit", w.token(head={"b64": value}))
    head = b64(text_of(w.head(changes={"b64": False, "crit": ["b64"]})))
    yield Case("b64-plain-payload", "token_crit", w.signed(f"{head}.{text_of(w.claims()).replace('.', '')}"),
               told="-")
    for name, value in (("def", "DEF"), ("null", None), ("number", 1), ("empty", "")):
        yield Case(f"zip-{name}", "token_format", w.token(head={"zip": value}))
    for name, value in (("jwt", "JWT"), ("lower", "jwt"), ("json", "application/json"), ("null", None), ("empty", ""),
                        ("number", 1)):
        yield Case(f"cty-{name}", "token_typ", w.token(head={"cty": value}))
    for name, value in (("enc", {"enc": "A128GCM"}), ("apu", {"apu": "x"}), ("ppt", {"ppt": "shaken"}),
                        ("unknown", {"x": 1})):
        yield Case(f"good-extension-{name}", "ok", w.token(head=value))
    yield from types(w)


def types(w):
    """typ (RFC 8725 3.11, RFC 9068 4)."""
    wrong = {"logout": "logout+jwt", "id": "id+jwt", "dpop": "dpop+jwt", "secevent": "secevent+jwt", "jose": "JOSE",
             "json": "JOSE+JSON",
             "passport": "passport", "blank": " JWT", "tail": "JWT ", "empty": "", "newline": "JWT\n",
             "media": "text/jwt",
             "double": "application/application/jwt", "list": "JWT,at+jwt", "nothing": "application/", "number": 1,
             "null": None,
             "true": True, "array": ["JWT"], "object": {"JWT": 1}, "oauth": "oauth-authz-req+jwt",
             "introspection": "token-introspection+jwt"}
    for name, typ in wrong.items():
        yield Case(f"typ-{name}", "token_typ", w.token(head={"typ": typ}))
    for name, typ in (("absent", ABSENT), ("lower", "jwt"), ("at", "at+jwt"), ("media", "application/at+JWT"),
                      ("media-jwt", "application/jwt")):
        yield Case(f"good-typ-{name}", "ok", w.token(head={"typ": typ}))
    for name, typ in (("absent", ABSENT), ("jwt", "JWT"), ("id", "id+jwt"), ("longer", "at+jwtx"), ("plain", "at")):
        yield Case(f"typ-strict-{name}", "token_typ", w.token(wwsf="strict", kid="s1", head={"typ": typ}), "strict")
    yield Case("good-typ-strict", "ok", w.token(wwsf="strict", kid="s1", head={"typ": "AT+JWT"}), "strict")


FAMILIES = (algs, confusion, kids, issuers_and_keys, embedded, extensions)
