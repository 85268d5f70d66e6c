# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of tests: made here, written as JWK and PEM, and made to sign what no
library would."""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess

from .curves import ED25519, ED448, K256, P256, P384, P521

HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}
# DigestInfo of RFC 8017 9.2 up to the hash itself
DIGEST_INFO = {
    "sha1": "3021300906052b0e03021a05000414",
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
}


def b64(data):
    """base64url without padding; text is taken as UTF-8."""
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    """And back."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value, size=0):
    """A number as base64url of its octets."""
    return b64(value.to_bytes(size or max(1, (value.bit_length() + 7) // 8), "big"))


def pem_block(label, der):
    """RFC 7468"""
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def der_of(pem):
    """Octets of the one block in a PEM text."""
    return base64.b64decode("".join(line for line in pem.splitlines() if "-----" not in line))


def elements(der):
    """Contents of the elements that stand beside each other in some DER."""
    out, at = [], 0
    while at < len(der):
        size, at = der[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(der[at:at + count], "big"), at + count
        out.append(der[at:at + size])
        at += size
    return out


def tlv(tag, *parts):
    """One DER element."""
    body = b"".join(parts)
    size = bytes([len(body)])
    if len(body) > 127:
        octets = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
        size = bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + size + body


def der_integer(value):
    """INTEGER, not negative."""
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def openssl(*args, data=b""):
    """Standard output of the openssl program, as bytes."""
    return subprocess.run(["openssl", *args], input=data, check=True, capture_output=True).stdout


class Secret:
    """HMAC (RFC 7518 3.2)."""

    algs = ("HS256", "HS384", "HS512")

    def __init__(self, octets):
        self.octets = octets

    def jwk(self, **members):
        """As it stands in a JWK set; None leaves a member out."""
        return trimmed({"kty": "oct", "k": b64(self.octets), **members})

    def sign(self, alg, data):
        """The code."""
        return hmac.digest(self.octets, data, HASHES[alg[-3:]])


class Rsa:
    """RSA, of 2048 bits when nothing else is said."""

    algs = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")

    def __init__(self, pem=None, bits=2048, e=65537):
        self.pem = pem or openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}",
                                  "-pkeyopt", f"rsa_keygen_pubexp:{e}").decode()
        inner = elements(elements(elements(der_of(self.pem))[0])[2])[0]
        (_, self.n, self.e, self.d, self.p, self.q,
         self.dp, self.dq, self.qi) = (int.from_bytes(part, "big") for part in elements(inner)[:9])
        self.size = (self.n.bit_length() + 7) // 8

    def jwk(self, **members):
        """The public part."""
        return trimmed({"kty": "RSA", "n": number(self.n), "e": number(self.e), **members})

    def private_jwk(self, **members):
        """What must never be handed out."""
        return self.jwk(d=number(self.d), p=number(self.p), q=number(self.q), **members)

    def public_pem(self):
        """SubjectPublicKeyInfo"""
        return openssl("pkey", "-pubout", data=self.pem.encode()).decode()

    def power(self, block):
        """RSASP1 over a block of the modulus' length, whatever it holds."""
        m = int.from_bytes(block, "big") % self.n
        a, b = pow(m, self.dp, self.p), pow(m, self.dq, self.q)
        return (b + (a - b) * self.qi % self.p * self.q).to_bytes(self.size, "big")

    def pkcs1(self, digest, data, info=None, fill=b"\xff", tail=b"", kind=1):
        """EMSA-PKCS1-v1_5 block; info, fill, tail and kind are for wrong ones."""
        body = (bytes.fromhex(DIGEST_INFO[digest]) if info is None else info) + hashlib.new(digest, data).digest()
        gap = self.size - 3 - len(body) - len(tail)
        return bytes([0, kind]) + fill * gap + b"\0" + body + tail

    def pss(self, digest, data, salt=None, mgf=None, trailer=0xBC, top=None):
        """EMSA-PSS block; salt: its length; mgf, trailer, top for wrong ones."""
        size = hashlib.new(digest).digest_size
        salt = secrets.token_bytes(size if salt is None else salt)
        h = hashlib.new(digest, bytes(8) + hashlib.new(digest, data).digest() + salt).digest()
        room = self.size - size - 1
        db = bytes(room - len(salt) - 1) + b"\1" + salt
        mask = b"".join(hashlib.new(mgf or digest, h + i.to_bytes(4, "big")).digest()
                        for i in range(room // 20 + 1))[:room]
        masked = bytearray(x ^ y for x, y in zip(db, mask))
        masked[0] = masked[0] & 0x7F if top is None else top
        return bytes(masked) + h + bytes([trailer])

    def sign(self, alg, data):
        """The signature."""
        digest = HASHES[alg[-3:]]
        return self.power(self.pss(digest, data) if alg[0] == "P" else self.pkcs1(digest, data))


class Ec:
    """ECDSA."""

    def __init__(self, curve, d=None):
        self.curve, self.size = curve, curve.size
        self.d = d or secrets.randbelow(curve.n - 1) + 1
        self.x, self.y = curve.times(self.d)
        self.algs = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",)}.get(curve.crv, ("ES256K",))

    def jwk(self, **members):
        """The public part."""
        return trimmed({"kty": "EC", "crv": self.curve.crv, "x": number(self.x, self.size),
                        "y": number(self.y, self.size), **members})

    def raw(self, r, s):
        """RFC 7518 3.4"""
        return r.to_bytes(self.size, "big") + s.to_bytes(self.size, "big")

    def pair(self, data, digest=None, k=None):
        """(r, s)"""
        return self.curve.sign(self.d, k or secrets.randbelow(self.curve.n - 1) + 1, data, digest)

    def sign(self, alg, data):
        """The signature; alg only says which hash."""
        return self.raw(*self.pair(data, HASHES.get(alg[-3:], "sha256")))

    def public_der(self):
        """SubjectPublicKeyInfo, of P-256 only."""
        head = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
        return head + self.x.to_bytes(32, "big") + self.y.to_bytes(32, "big")

    @classmethod
    def from_pem(cls, path):
        """A P-256 key in PKCS #8, as "wims key generate" writes it."""
        with open(path, encoding="ascii") as pem:
            inner = elements(elements(elements(der_of(pem.read()))[0])[2])[0]
        return cls(P256, int.from_bytes(elements(inner)[1], "big"))


class Ed:
    """EdDSA."""

    algs = ("EdDSA",)

    def __init__(self, curve):
        self.curve, self.seed = curve, secrets.token_bytes(curve.size)
        self.public = curve.public(self.seed)

    def jwk(self, **members):
        """The public part."""
        return trimmed({"kty": "OKP", "crv": self.curve.crv, "x": b64(self.public), **members})

    def raw(self, r, s):
        """RFC 8032 5.1.6"""
        return r + s.to_bytes(self.curve.size, "little")

    def sign(self, _alg, data):
        """The signature."""
        return self.raw(*self.curve.sign(self.seed, data))


def trimmed(members):
    """Without those that are None."""
    return {name: value for name, value in members.items() if value is not None}


def ring():
    """A key of each kind that is provisioned, by kid."""
    return {"es": Ec(P256), "es384": Ec(P384), "es512": Ec(P521), "rs": Rsa(), "ed": Ed(ED25519),
            "ed448": Ed(ED448)}


def text_of(value):
    """JSON text of a value; text and bytes stay as they are."""
    return value if isinstance(value, (str, bytes)) else json.dumps(value)


def join(key, alg, header, payload):
    """Compact form of any header and payload, well signed as alg says."""
    signed = f"{b64(text_of(header))}.{b64(text_of(payload))}"
    return f"{signed}.{b64(key.sign(alg, signed.encode()))}"


__all__ = ["Ec", "Ed", "Rsa", "Secret", "K256", "P256", "P384", "P521", "ED25519", "ED448"]
