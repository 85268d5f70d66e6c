# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Key files that must not be taken, each with what the complaint must say, and
controls that must be. All are files of the WWSF "shop" alone."""

import json
import os
from typing import NamedTuple

from .keys import ED448, ED25519, P256, P384, Ec, Ed, Rsa, Secret, b64, der_of, number, openssl, pem_block, tlv
from .world import ABSENT

PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
          109,
          113, 127, 131, 137, 139, 149, 151, 157, 163, 167)


class KeyFile(NamedTuple):
    """says: a part of the complaint; empty: the file is good. kind: member of
    "keys" that names it."""

    name: str
    says: str
    content: bytes
    kind: str = "jwks_file"
    members: tuple = ()


def jwks(name, says, *keys, **members):
    """A set of these keys."""
    return KeyFile(name, says, json.dumps({"keys": list(keys)}).encode(), members=tuple(members.items()))


def pem(name, says, text):
    """A PEM file."""
    return KeyFile(name, says, text.encode() if isinstance(text, str) else text, "pem_file")


def weak_modulus():
    """2048 bits of the family of CVE-2017-15361: a power of 65537 for every
    small prime. Not a product of two primes, which does not show."""
    product = 1
    for prime in PRIMES:
        product *= prime
    n = pow(65537, 12345, product) + product * ((1 << 2047) // product + 1)
    return n if n & 1 else n + product


def changed(jwk, **members):
    """The key with other members; ABSENT leaves one out."""
    return {name: value for name, value in {**jwk, **members}.items() if value is not ABSENT}


def files(good):
    """What is no key set at all."""
    text = json.dumps({"keys": [good]})
    rows = {"empty": ("", ""), "blank": (" ", ""), "open": (text[:-1], ""), "two": (text * 2, ""),
            "nul": (text + "\0", ""), "html": ("<html>404</html>", ""), "pem": (Ec(P256).public_der().hex(), ""),
            "bom": ("\ufeff" + text, ""), "twice": (text[:-1] + ',"keys":[]}', "duplicate"),
            "twice-in-key": (text[:-3] + ',"kid":"x"}]}', "duplicate"),
            "deep": ('{"keys":' + "[" * 40 + "]" * 40 + "}", "too deep"),
            "number": ("7", ""), "null": ("null", ""),
            "array": (f"[{json.dumps(good)}]", "a JWK set must be an object"),
            "keys-object": ('{"keys":{}}', '"keys" must be an array'),
            "keys-null": ('{"keys":null}', '"keys" must be an array'),
            "keys-text": ('{"keys":"x"}', '"keys" must be an array'),
            "keys-empty": ('{"keys":[]}', "no key for an allowed algorithm"),
            "object-empty": ("{}", '"kty" must be a string'),
            "key-null": ('{"keys":[null]}', "a key must be an object"),
            "key-text": ('{"keys":["x"]}', "a key must be an object"), "big": (text + " " * 131073, "")}
    for name, (content, says) in rows.items():
        yield KeyFile(f"file-{name}", says or "keys", content.encode())
    yield KeyFile("good-file-set", "", text.encode())
    yield KeyFile("good-file-bare", "", json.dumps(good).encode())
    yield jwks("good-file-64", "", *(changed(good, kid=f"k{n}") for n in range(64)))
    yield jwks("file-65", "more than 64 keys", *(changed(good, kid=f"k{n}") for n in range(65)))


def names(good):
    """kid"""
    kid = '"kid" must be a string of 1 to 255 bytes'
    for name, value in (("empty", ""), ("long", "k" * 256), ("number", 1), ("null", None), ("array", ["k"])):
        yield jwks(f"kid-{name}", kid, changed(good, kid=value))
    yield jwks("kid-twice", '"kid" used twice', good, changed(Ec(P256).jwk(), kid=good["kid"]))
    yield jwks("kid-absent-beside", 'a key without "kid" must be the only one', good, Ec(P256).jwk())
    yield jwks("kid-both-absent", 'a key without "kid" must be the only one', Ec(P256).jwk(), Ec(P256).jwk())
    yield jwks("good-kid-absent", "", Ec(P256).jwk())
    yield jwks("good-kid-two", "", good, Ec(P256).jwk(kid="other"))


def uses(good):
    """kty, use, key_ops, alg (RFC 7517 4)"""
    none = "no key for an allowed algorithm"
    rows = {"kty-absent": ({"kty": ABSENT}, '"kty" must be a string'),
            "kty-number": ({"kty": 1}, '"kty" must be a string'), "kty-unknown": ({"kty": "LMS"}, none),
            "kty-lower": ({"kty": "ec"}, none),
            "crv-absent": ({"crv": ABSENT}, '"crv" must be a string'), "crv-unknown": ({"crv": "P-224"}, none),
            "crv-k1": ({"crv": "secp256k1"}, none), "use-enc": ({"use": "enc"}, none),
            "use-number": ({"use": 1}, '"use" must be a string'),
            "use-empty": ({"use": ""}, none), "use-null": ({"use": None}, '"use" must be a string'),
            "ops-sign": ({"key_ops": ["sign"]}, none), "ops-empty": ({"key_ops": []}, none),
            "ops-text": ({"key_ops": "verify"}, '"key_ops" must be an array'),
            "ops-number": ({"key_ops": [1]}, '"key_ops" must be an array'),
            "ops-twice": ({"key_ops": ["verify", "verify"]}, "twice"),
            "alg-number": ({"alg": 1}, '"alg" must be a string'),
            "alg-other-type": ({"alg": "RS256"}, "does not fit"),
            "alg-other-curve": ({"alg": "ES384"}, "does not fit"), "alg-none": ({"alg": "none"}, none),
            "alg-encryption": ({"alg": "ECDH-ES"}, none), "alg-hmac": ({"alg": "HS256"}, "does not fit"),
            "private": ({"d": "AA"}, "private")}
    for name, (members, says) in rows.items():
        yield jwks(f"use-{name}", says, changed(good, **members))
    for name, members in {"sig": {"use": "sig"}, "ops": {"key_ops": ["verify"]},
                          "ops-both": {"key_ops": ["sign", "verify"]}, "alg": {"alg": "ES256"},
                          "unknown": {"x5t": "AA", "ext": True}}.items():
        yield jwks(f"good-use-{name}", "", changed(good, **members))
    yield jwks("good-use-beside-enc", "", good, changed(good, kid="e", use="enc"), {"kty": "LMS", "kid": "l"},
               {"kty": "oct", "kid": "o", "k": "AA"})
    yield jwks("algorithms-without-key", none, good, algorithms=["RS256"])


def curves(good):
    """Points."""
    length = 'must be as long as the curve'
    far = Ec(P384).jwk()
    rows = {"off-curve": ({"y": good["x"]}, "not a valid public key"),
            "zero": ({"x": b64(bytes(32)), "y": b64(bytes(32))}, "not a valid public key"),
            "x-field": ({"x": number(P256.p)}, "not a valid public key"),
            "x-short": ({"x": b64(bytes(31))}, length), "x-long": ({"x": b64(bytes(33))}, length),
            "other-curve": ({"x": far["x"], "y": far["y"]}, length), "said-other": ({"crv": "P-384"}, length),
            "y-absent": ({"y": ABSENT}, "must be base64url"), "x-number": ({"x": 1}, "must be base64url"),
            "x-padded": ({"x": good["x"] + "="}, "must be base64url"),
            "x-alphabet": ({"x": "+" + good["x"][1:]}, "must be base64url"), "x-empty": ({"x": ""}, "")}
    for name, (members, says) in rows.items():
        yield jwks(f"point-{name}", says or "keys", changed(good, **members))
    for name, crv, size in (("short", "Ed25519", 31), ("long", "Ed25519", 33), ("ed448-short", "Ed448", 56),
                            ("ed448-as-ed25519", "Ed25519", 57)):
        yield jwks(f"okp-{name}", "must be 32 (Ed25519) or 57 (Ed448) bytes",
                   {"kty": "OKP", "crv": crv, "kid": "o", "x": b64(os.urandom(size))})
    yield jwks("okp-absent", "must be base64url", {"kty": "OKP", "crv": "Ed25519", "kid": "o"})
    yield from small_orders()
    yield jwks("okp-x25519", "no key for an allowed algorithm",
               {"kty": "OKP", "crv": "X25519", "kid": "o", "x": b64(bytes(32))})


def small_orders():
    """EdDSA keys for which anybody can sign: y is 0, 1, -1 or of order 8, also
    beyond the field's prime, with either sign of x."""
    for curve, eighth in ((ED25519, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826), (ED448, 0)):
        top = 1 << (8 * curve.size - 1)
        for name, y in (("0", 0), ("1", 1), ("minus-1", curve.p - 1), ("p", curve.p), ("p-plus-1", curve.p + 1),
                        ("8", eighth), ("minus-8", curve.p - eighth)):
            for sign in (0, top):
                x = b64((y | sign).to_bytes(curve.size, "little"))
                yield jwks(f"okp-{curve.crv}-{name}-{int(sign > 0)}", "small order",
                           {"kty": "OKP", "crv": curve.crv, "kid": "o", "x": x})
    yield jwks("good-okp", "", Ed(ED25519).jwk(kid="o"), Ed(ED448).jwk(kid="p"))


def rsa_numbers():
    """Modulus and exponent."""
    key = Rsa()
    good = key.jwk(kid="r")
    bits, exponent = "2048 to 8192 bits", "exponent must be odd and at least 65537"
    rows = {"1024": ({"n": Rsa(bits=1024).jwk()["n"]}, bits), "2047": ({"n": number(key.n >> 1 | 1)}, bits),
            "tiny": ({"n": number(3233)}, bits), "8193": ({"n": number(1 << 8192 | 1)}, "must be base64url"),
            "even": ({"n": number(key.n - 1)}, "modulus must be odd"),
            "weak-family": ({"n": number(weak_modulus())}, "CVE-2017-15361"), "e-1": ({"e": number(1)}, exponent),
            "e-3": ({"e": number(3)}, exponent),
            "e-17": ({"e": number(17)}, exponent), "e-even": ({"e": number(65536)}, exponent),
            "e-long": ({"e": number(key.n - 2)}, exponent), "e-zero": ({"e": "AA"}, "without leading zero"),
            "n-leading-zero": ({"n": b64(b"\0" + key.n.to_bytes(256, "big"))}, "without leading zero"),
            "n-absent": ({"n": ABSENT}, "must be base64url"), "e-absent": ({"e": ABSENT}, "must be base64url"),
            "n-padded": ({"n": good["n"] + "=="}, "must be base64url"), "n-empty": ({"n": ""}, ""),
            "e-number": ({"e": 65537}, "must be base64url")}
    for name, (members, says) in rows.items():
        yield jwks(f"rsa-{name}", says or "keys", changed(good, **members))
    yield jwks("rsa-private", "private", key.private_jwk(kid="r"))
    yield jwks("good-rsa", "", good)
    yield pem("good-pem-rsa", "", key.public_pem())
    yield pem("pem-rsa-private", "private", key.pem)
    yield pem("pem-both", "more than one PEM block", key.public_pem() + key.pem)


def secrets_of_hmac(good):
    """Secrets."""
    hs = ["HS256", "HS384", "HS512"]
    yield jwks("secret-unasked", "no key for an allowed algorithm", Secret(os.urandom(64)).jwk(kid="s"))
    rows = {"31": (os.urandom(31), hs, "as long as the hash"), "empty": (b"", hs, ""),
            "hs512-63": (os.urandom(63), ["HS512"], ""),
            "1025": (os.urandom(1025), hs, "must be base64url of at most 1024"),
            "pem": (Rsa().public_pem().encode(), hs, "a PEM text is no secret")}
    for name, (octets, allowed, says) in rows.items():
        yield jwks(f"secret-{name}", says or "keys", Secret(octets).jwk(kid="s"), algorithms=allowed)
    yield jwks("secret-absent", "must be base64url", {"kty": "oct", "kid": "s"}, algorithms=hs)
    yield jwks("secret-public-key", "no key for an allowed algorithm", good, algorithms=hs)
    yield jwks("good-secret-32", "", Secret(os.urandom(32)).jwk(kid="s"), algorithms=hs)


def pems():
    """PEM files."""
    der = Ec(P256).public_der()
    block = pem_block("PUBLIC KEY", der)
    rows = {"empty": ("", "no PEM block"), "text": ("a key\n", "no PEM block"),
            "no-end": (block.rpartition("-----END")[0], "no PEM block"),
            "cut": (pem_block("PUBLIC KEY", der[:-1]), "not a valid public key"),
            "bytes-behind": (pem_block("PUBLIC KEY", der + b"\0"), "not a valid public key"),
            "two": (block * 2, "more than one PEM block"),
            "label": (pem_block("EC PARAMETERS", der), "PEM block must be"),
            "request": (pem_block("CERTIFICATE REQUEST", der), "PEM block must be"),
            "private-ec": (openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), "private"),
            "private-ed": (openssl("genpkey", "-algorithm", "ED25519"), "private"),
            "encrypted": (pem_block("ENCRYPTED PRIVATE KEY", der), "private"),
            "no-certificate": (pem_block("CERTIFICATE", der), "not a valid public key"),
            "curve-k1": (openssl("pkey", "-pubout",
                                 data=openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                                              "ec_paramgen_curve:secp256k1")), "type of key or curve not supported"),
            "x25519": (openssl("pkey", "-pubout", data=openssl("genpkey", "-algorithm", "X25519")),
                       "type of key or curve not supported"), "base64": (block.replace("M", "!", 1), ""),
                       "der": (der, "no PEM block"),
            "off-curve": (pem_block("PUBLIC KEY", der[:-1] + bytes([der[-1] ^ 1])), "not a valid public key"),
            "explicit-curve": (pem_block("PUBLIC KEY", tlv(0x30, tlv(0x30, der[4:13], tlv(0x30)), der[23:])),
                               "not a valid public key"),
            "big": (block + "#" * 16384, "")}
    for name, (content, says) in rows.items():
        yield pem(f"pem-{name}", says or "keys", content)
    yield pem("good-pem", "", block)
    yield pem("good-pem-crlf", "", block.replace("\n", "\r\n"))


def all_files():
    """Every one of them."""
    good = Ec(P256).jwk(kid="k")
    for family in (files(good), names(good), uses(good), curves(good), rsa_numbers(), secrets_of_hmac(good), pems()):
        yield from family


def write(folder, file, wwsf):
    """The key file, and NAME.json with the provisioning that names it; its path."""
    with open(f"{folder}/{file.name}.key", "wb") as out:
        out.write(file.content)
    keys = {file.kind: f"{file.name}.key", **({"kid": "k"} if file.kind == "pem_file" else {})}
    path = f"{folder}/{file.name}.json"
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"version": 1, "wwsf": [{**wwsf, "keys": keys, **dict(file.members)}]}, out)
    return path
