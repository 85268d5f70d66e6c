# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Signatures that are nearly right."""

import hashlib
import secrets

from .keys import DIGEST_INFO, ED25519, K256, P384, Ec, b64, der_integer, join, text_of, tlv
from .world import Case


def der(r, s):
    """ECDSA-Sig-Value (RFC 3279 2.2.3), as every library but JOSE writes it."""
    return tlv(0x30, der_integer(r), der_integer(s))


def with_short_r(w):
    """(r, s, text) of a signature whose r has a leading zero octet."""
    key, text = w.key("es"), ".".join(w.parts())
    curve = key.curve
    k = secrets.randbelow(curve.n // 2)
    point = (*curve.times(k), 1)
    while curve.affine(point)[0] >> 248:
        point, k = curve.add(point, (*curve.g, 1)), k + 1
    r, s = key.pair(text.encode(), k=k)
    return r, s, text


def ecdsa_numbers(w):
    """Pairs that a careless verifier takes for a signature (CVE-2022-21449)."""
    for kid in ("es", "es384", "es512"):
        key = w.key(kid)
        n, p, top = key.curve.n, key.curve.p, 2**(8 * key.size) - 1
        pairs = {"0-0": (0, 0), "0-1": (0, 1), "1-0": (1, 0), "1-1": (1, 1), "n-n": (n, n), "n-0": (n, 0),
                 "0-n": (0, n),
                 "n-1": (n, 1), "1-n": (1, n), "n1-1": (n - 1, 1), "n1-n1": (n - 1, n - 1), "p-p": (p, p),
                 "top": (top, top),
                 "2n-n": (min(2 * n, top), n), "qx-qx": (key.x % n, key.x % n), "gx-1": (key.curve.g[0] % n, 1),
                 "half": (n // 2, n // 2)}
        yield Case(f"good-ecdsa-{kid}", "ok", w.token(kid))
        for name, (r, s) in pairs.items():
            yield Case(f"ecdsa-{kid}-{name}", "signature_bad", w.forged(lambda k, t, r=r, s=s: k.raw(r, s), kid))
    # P-521 leaves room for numbers beyond the order: the same residue again
    def beyond(dr, ds):
        def make(key, text):
            r, s = key.pair(text)
            return key.raw(r + dr * key.curve.n, s + ds * key.curve.n)
        return make

    for name, r, s in (("r-plus-n", 1, 0), ("s-plus-n", 0, 1), ("both-plus-n", 1, 1), ("r-plus-100n", 100, 0)):
        yield Case(f"ecdsa-es512-{name}", "signature_bad", w.forged(beyond(r, s), "es512"))


def ecdsa_forms(w):
    """r and s of the right length, one behind the other (RFC 7518 3.4)."""
    def of(make):
        return lambda key, text: make(key, *key.pair(text))

    forms = {
        "der": lambda k, r, s: der(r, s), "der-padded": lambda k, r, s: der(r, s).ljust(64, b"\0")[:64],
        "swapped": lambda k, r, s: k.raw(s, r), "little-endian": lambda k, r,
        s: k.raw(r, s)[31::-1] + k.raw(r, s)[:31:-1],
        "r-only": lambda k, r, s: k.raw(r, s)[:32], "r-twice": lambda k, r, s: k.raw(r, r), "short": lambda k, r,
        s: k.raw(r, s)[:63],
        "long": lambda k, r, s: k.raw(r, s) + b"\0", "long-front": lambda k, r, s: b"\0" + k.raw(r, s),
        "twice": lambda k, r, s: k.raw(r, s) * 2, "padded-96": lambda k, r,
        s: r.to_bytes(48, "big") + s.to_bytes(48, "big"),
        "text": lambda k, r, s: f"{r:064x}{s:064x}".encode(), "one-byte": lambda k, r, s: b"\0",
        "r-negative": lambda k, r, s: k.raw(k.curve.n - r, s),
        "recovery-byte": lambda k, r, s: k.raw(r, s) + b"\x1b", "compact-27": lambda k, r, s: b"\x1b" + k.raw(r, s),
        "s-doubled": lambda k, r, s: k.raw(r, 2 * s % k.curve.n), "s-plus-one": lambda k, r,
        s: k.raw(r, (s + 1) % k.curve.n),
        "r-xor": lambda k, r, s: k.raw(r ^ 1, s), "s-inverse": lambda k, r, s: k.raw(r, pow(s, -1, k.curve.n)),
    }
    for name, make in forms.items():
        yield Case(f"ecdsa-form-{name}", "signature_bad", w.forged(of(make)))
    r, s, text = with_short_r(w)
    key = w.key("es")
    yield Case("ecdsa-zero-stripped", "signature_bad", w_token(text, key.raw(r, s)[1:]))
    yield Case("good-ecdsa-zero-octet", "ok", w_token(text, key.raw(r, s)))
    # Anybody can turn s into n - s: a token has two good signatures.
    yield Case("good-ecdsa-other-s", "ok", w.forged(of(lambda k, r, s: k.raw(r, k.curve.n - s))))
    for name, digest in (("sha384", "sha384"), ("sha512", "sha512"), ("sha1", "sha1"), ("sha3", "sha3_256"),
                         ("md5", "md5")):
        yield Case(f"ecdsa-hash-{name}", "signature_bad", w.forged(lambda k, t, d=digest: k.raw(*k.pair(t, d))))
    k256, p384 = Ec(K256), Ec(P384)
    yield Case("ecdsa-secp256k1", "signature_bad", w.forged(lambda k, t: k256.sign("ES256", t)))
    yield Case("ecdsa-p384-in-es256", "signature_bad", w.forged(lambda k, t: p384.sign("ES384", t)))
    yield Case("ecdsa-same-secret-on-k1", "signature_bad", w.forged(lambda k, t: Ec(K256, k.d).sign("ES256", t)))
    yield Case("ecdsa-stranger", "signature_bad", w.forged(lambda k, t: w.stranger.sign("ES256", t)))


def w_token(text, octets):
    """The compact form."""
    return f"{text}.{b64(octets)}"


def eddsa(w):
    """RFC 8032 5.1.7, 5.2.7"""
    for kid, size in (("ed", 32), ("ed448", 57)):
        def of(make):
            return lambda key, text: make(key, *key.curve.sign(key.seed, text))

        n = w.key(kid).curve.n
        identity = (1).to_bytes(size, "little")
        forms = {
            "zero": lambda k, r, s: bytes(2 * k.curve.size), "identity": lambda k, r, s, i=identity: k.raw(i, 0),
            "s-zero": lambda k, r, s: k.raw(r, 0), "s-plus-order": lambda k, r, s, n=n: k.raw(r, s + n),
            "s-negative": lambda k, r, s, n=n: k.raw(r, n - s), "swapped": lambda k, r,
            s: k.raw(r, s)[k.curve.size:] + r,
            "short": lambda k, r, s: k.raw(r, s)[:-1], "long": lambda k, r, s: k.raw(r, s) + b"\0",
            "r-only": lambda k, r, s: r,
            "r-sign": lambda k, r, s: k.raw(r[:-1] + bytes([r[-1] ^ 0x80]), s), "s-big-endian": lambda k, r,
            s: r + s.to_bytes(k.curve.size, "big"),
            "r-top": lambda k, r, s: k.raw(b"\xff" * k.curve.size, s), "s-top": lambda k, r,
            s: r + b"\xff" * k.curve.size,
            "key-as-r": lambda k, r, s: k.raw(k.public, s), "twice": lambda k, r, s: k.raw(r, s) * 2,
            "s-plus-one": lambda k, r, s: k.raw(r, s + 1),
        }
        for name, make in forms.items():
            yield Case(f"eddsa-{kid}-{name}", "signature_bad", w.forged(of(make), kid))
        yield Case(f"good-eddsa-{kid}", "ok", w.token(kid))
    ctx = b"SigEd25519 no Ed25519 collisions\0\0"
    prehash = b"SigEd25519 no Ed25519 collisions\1\0"
    for name, domain, hashed in (("ctx", ctx, False), ("ph", prehash, True)):
        yield Case(f"eddsa-ed-{name}", "signature_bad", w.forged(lambda k, t, d=domain, h=hashed: k.raw(
            *ED25519.sign(k.seed, hashlib.sha512(t).digest() if h else t, d)), "ed"))
    yield Case("eddsa-ed448-no-domain", "signature_bad",
               w.forged(lambda k, t: k.raw(*k.curve.sign(k.seed, t, b"")), "ed448"))
    yield Case("eddsa-ed448-ph", "signature_bad", w.forged(lambda k, t: k.raw(
        *k.curve.sign(k.seed, hashlib.shake_256(t).digest(64), b"SigEd448\1\0")), "ed448"))


def rsa_pkcs1(w):
    """EMSA-PKCS1-v1_5 is compared whole (CVE-2006-4339 and its many sisters)."""
    info = bytes.fromhex(DIGEST_INFO["sha256"])
    garbage = secrets.token_bytes(64)
    blocks = {
        "no-digest-info": lambda k, t: k.pkcs1("sha256", t, info=b""), "no-null": lambda k, t: k.pkcs1(
            "sha256", t, info=bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20"),
        "sha1": lambda k, t: k.pkcs1("sha1", t), "sha512": lambda k, t: k.pkcs1("sha512", t), "sha384": lambda k,
        t: k.pkcs1("sha384", t),
        "sha1-info": lambda k, t: k.pkcs1("sha256", t, info=bytes.fromhex(DIGEST_INFO["sha1"])),
        "garbage-behind": lambda k, t: k.pkcs1("sha256", t, tail=garbage), "zero-behind": lambda k,
        t: k.pkcs1("sha256", t, tail=b"\0"),
        "kind-0": lambda k, t: k.pkcs1("sha256", t, kind=0), "kind-2": lambda k, t: k.pkcs1("sha256", t, kind=2),
        "fill-zero": lambda k, t: k.pkcs1("sha256", t, fill=b"\0"), "fill-ee": lambda k,
        t: k.pkcs1("sha256", t, fill=b"\xee"),
        "fill-short": lambda k, t: b"\0\1" + b"\xff" * 8 + b"\0" + info + hashlib.sha256(t).digest() + bytes(256 - 62),
        "fill-none": lambda k, t: b"\0\1\0" + info + hashlib.sha256(t).digest() + bytes(256 - 54),
        "no-separator": lambda k, t: k.pkcs1("sha256", t).replace(b"\xff\0\x30", b"\xff\xff\x30"),
        "first-octet": lambda k, t: b"\1" + k.pkcs1("sha256", t)[1:], "info-long-length": lambda k, t: k.pkcs1(
            "sha256", t, info=bytes.fromhex("308131300d060960864801650304020105000420")),
        "parameters": lambda k, t: k.pkcs1("sha256", t,
                                           info=bytes.fromhex("3033300f060960864801650304020104020102" + "0420")),
        "hash-of-nothing": lambda k, t: k.pkcs1("sha256", b""), "zero": lambda k, t: bytes(256),
        "hash-short": lambda k, t: k.pkcs1("sha256", t)[:-1] + b"\0",
    }
    for name, block in blocks.items():
        yield Case(f"rsa-pkcs1-{name}", "signature_bad",
                   w.forged(lambda k, t, b=block: k.power(b(k, t)), "rs", "RS256"))
    yield Case("good-rsa-pkcs1", "ok", w.forged(lambda k, t: k.power(k.pkcs1("sha256", t)), "rs", "RS256"))


def rsa_pss(w):
    """RFC 7518 3.5: salt as long as the hash, MGF1 with the same hash."""
    blocks = {
        "salt-0": lambda k, t: k.pss("sha256", t, salt=0), "salt-20": lambda k, t: k.pss("sha256", t, salt=20),
        "salt-31": lambda k, t: k.pss("sha256", t, salt=31), "salt-33": lambda k, t: k.pss("sha256", t, salt=33),
        "salt-max": lambda k, t: k.pss("sha256", t, salt=222), "mgf-sha1": lambda k,
        t: k.pss("sha256", t, mgf="sha1"),
        "mgf-sha512": lambda k, t: k.pss("sha256", t, mgf="sha512"), "hash-sha1": lambda k, t: k.pss("sha1", t),
        "hash-sha512": lambda k, t: k.pss("sha512", t), "trailer-cc": lambda k, t: k.pss("sha256", t, trailer=0xCC),
        "trailer-0": lambda k, t: k.pss("sha256", t, trailer=0), "top": lambda k, t: k.pss("sha256", t, top=0x7F),
        "hash-of-nothing": lambda k, t: k.pss("sha256", b""), "shifted": lambda k,
        t: k.pss("sha256", t)[1:] + b"\xbc",
    }
    for name, block in blocks.items():
        yield Case(f"rsa-pss-{name}", "signature_bad",
                   w.forged(lambda k, t, b=block: k.power(b(k, t)), "rs", "PS256"))
    yield Case("good-rsa-pss", "ok", w.forged(lambda k, t: k.power(k.pss("sha256", t)), "rs", "PS256"))


def rsa_octets(w):
    """Octets around a good RSA signature."""
    def of(make, alg):
        return lambda key, text: make(key, key.sign(alg, text))

    forms = {
        "zero": lambda k, s: bytes(256), "one": lambda k, s: (1).to_bytes(256, "big"), "modulus": lambda k,
        s: k.n.to_bytes(256, "big"),
        "modulus-less-one": lambda k, s: (k.n - 1).to_bytes(256, "big"), "top": lambda k, s: b"\xff" * 256,
        "short": lambda k, s: s[:-1],
        "short-front": lambda k, s: s[1:], "long": lambda k, s: s + b"\0", "long-front": lambda k, s: b"\0" + s,
        "reversed": lambda k, s: s[::-1],
        "half": lambda k, s: s[:128], "twice": lambda k, s: s * 2, "negated": lambda k,
        s: (k.n - int.from_bytes(s, "big")).to_bytes(256, "big"),
        "plus-modulus": lambda k, s: (int.from_bytes(s, "big") + k.n).to_bytes(257, "big"), "last-bit": lambda k,
        s: s[:-1] + bytes([s[-1] ^ 1]),
        "first-bit": lambda k, s: bytes([s[0] ^ 0x80]) + s[1:], "middle": lambda k,
        s: s[:128] + bytes([s[128] ^ 255]) + s[129:],
        "one-byte": lambda k, s: b"\1", "ascii": lambda k, s: b"signature" * 28, "power-again": lambda k,
        s: k.power(s),
    }
    for alg in ("RS256", "PS256"):
        yield Case(f"good-rsa-octets-{alg}", "ok", w.token("rs", alg))
        for name, make in forms.items():
            yield Case(f"rsa-octets-{alg}-{name}", "signature_bad", w.forged(of(make, alg), "rs", alg))


def hmacs(w):
    """The code is compared whole."""
    key = w.secret["h64"]
    forms = {
        "short-1": lambda s: s[:1], "short-16": lambda s: s[:16], "short-31": lambda s: s[:31],
        "long": lambda s: s + b"\0",
        "zero": lambda s: bytes(32), "first-bit": lambda s: bytes([s[0] ^ 0x80]) + s[1:],
        "last-bit": lambda s: s[:-1] + bytes([s[-1] ^ 1]),
        "reversed": lambda s: s[::-1], "twice": lambda s: s + s,
        "nul-inside": lambda s: s[:5] + b"\0" + s[6:] if s[5] else s[:5] + b"\1" + s[6:],
    }
    for name, make in forms.items():
        head, body = w.head("h64", "HS256", "secret"), w.claims("secret")
        text = f"{b64(text_of(head))}.{b64(text_of(body))}"
        yield Case(f"hmac-{name}", "signature_bad", w_token(text, make(key.sign("HS256", text.encode()))), "secret")
    yield Case("hmac-other-secret", "signature_bad", join_as(w, "h32", "h64"), "secret")
    yield Case("good-hmac", "ok", w.token("h64", wwsf="secret"), "secret")


def join_as(w, signer, kid):
    """Signed with one secret, said to be with another."""
    return join(w.secret[signer], "HS256", w.head(kid, "HS256", "secret"), w.claims("secret"))


def signing_inputs(w):
    """What was signed is the two parts as they stand, and the dot."""
    head, body = w.parts()
    key = w.key("es")
    texts = {
        "payload-only": body, "header-only": head, "no-dot": head + body,
        "decoded": text_of(w.head()) + "." + text_of(w.claims()),
        "padded": head + "=." + body + "=", "trailing-dot": f"{head}.{body}.", "swapped": f"{body}.{head}",
        "newline": f"{head}.{body}\n",
        "upper": f"{head}.{body}".upper(), "nul": f"{head}.{body}\0", "empty": "", "detached": f"{head}.",
        "none-header": f"{b64(text_of({'alg': 'none'}))}.{body}",
        "other-header": f"{b64(text_of(w.head(changes={'kid': 'es2'})))}.{body}",
    }
    for name, text in texts.items():
        yield Case(f"input-{name}", "signature_bad", w_token(f"{head}.{body}", key.sign("ES256", text.encode())))
    yield Case("good-input", "ok", w_token(f"{head}.{body}", key.sign("ES256", f"{head}.{body}".encode())))


FAMILIES = (ecdsa_numbers, ecdsa_forms, eddsa, rsa_pkcs1, rsa_pss, rsa_octets, hmacs, signing_inputs)
