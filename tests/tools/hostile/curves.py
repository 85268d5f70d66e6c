# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Elliptic curves for signing, in plain integers: slow, not in constant time,
for keys of tests only. What they are for: a signer that does what it is told,
also with numbers that no library signs with."""

import hashlib


class Weierstrass:
    """y^2 = x^3 + a x + b over a prime field (SEC 1)."""

    def __init__(self, crv, digest, p, a, b, n, gx, gy):
        self.crv, self.digest = crv, digest
        self.p, self.a, self.b, self.n = p, a, b, n
        self.g = (gx, gy)
        self.size = (p.bit_length() + 7) // 8

    def double(self, point):
        """Jacobian; None is the point at infinity."""
        if point is None or point[1] == 0:
            return None
        x, y, z = point
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        m = (3 * x * x + self.a * pow(z, 4, p)) % p
        x3 = (m * m - 2 * s) % p
        return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p

    def add(self, one, other):
        """Jacobian."""
        if one is None or other is None:
            return one or other
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = one, other
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * z2 * zz2 % p, y2 * z1 * zz1 % p
        if u1 == u2:
            return self.double(one) if s1 == s2 else None
        h, r = (u2 - u1) % p, (s2 - s1) % p
        hh = h * h % p
        hhh, v = h * hh % p, u1 * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return x3, (r * (v - x3) - s1 * hhh) % p, h * z1 * z2 % p

    def affine(self, point):
        """(x, y)"""
        x, y, z = point
        inverse = pow(z, -1, self.p)
        return x * inverse**2 % self.p, y * inverse**3 % self.p

    def times(self, k, point=None):
        """k times a point, affine; the base point when none is given."""
        base, out = (*(point or self.g), 1), None
        for bit in bin(k)[2:]:
            out = self.double(out)
            if bit == "1":
                out = self.add(out, base)
        return self.affine(out)

    def hashed(self, data, digest=None):
        """The number that is signed (SEC 1 4.1.3)."""
        value = hashlib.new(digest or self.digest, data).digest()
        number = int.from_bytes(value, "big")
        return number >> max(0, len(value) * 8 - self.n.bit_length())

    def sign(self, d, k, data, digest=None):
        """(r, s) with the secret d and the nonce k."""
        r = self.times(k)[0] % self.n
        return r, pow(k, -1, self.n) * (self.hashed(data, digest) + r * d) % self.n


P256 = Weierstrass(
    "P-256", "sha256", 2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
P384 = Weierstrass(
    "P-384", "sha384", 2**384 - 2**128 - 2**96 + 2**32 - 1, -3,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F)
P521 = Weierstrass(
    "P-521", "sha512", 2**521 - 1, -3,
    0x0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
    0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
    0x00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
    0x011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650)
K256 = Weierstrass(
    "secp256k1", "sha256", 2**256 - 2**32 - 977, 0, 7,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def ed25519_hash(domain, *parts):
    """SHA-512, RFC 8032 5.1."""
    return hashlib.sha512(domain + b"".join(parts)).digest()


def ed448_hash(domain, *parts):
    """SHAKE256, RFC 8032 5.2."""
    return hashlib.shake_256(domain + b"".join(parts)).digest(114)


class Edwards:
    """a x^2 + y^2 = 1 + d x^2 y^2, and EdDSA on it (RFC 8032)."""

    def __init__(self, crv, p, a, d, order, g, size, digest, domain):
        self.crv, self.p, self.a, self.d, self.n, self.g = crv, p, a, d, order, g
        self.size, self.digest, self.domain = size, digest, domain

    def add(self, one, other):
        """Projective, complete: also for doubling."""
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = one, other
        zz, xx, yy = z1 * z2 % p, x1 * x2 % p, y1 * y2 % p
        b, e = zz * zz % p, self.d * xx * yy % p
        f, g = (b - e) % p, (b + e) % p
        x3 = zz * f * ((x1 + y1) * (x2 + y2) - xx - yy) % p
        return x3, zz * g * (yy - self.a * xx) % p, f * g % p

    def times(self, k):
        """k times the base point, encoded."""
        base, out = (*self.g, 1), (0, 1, 1)
        for bit in bin(k)[2:]:
            out = self.add(out, out)
            if bit == "1":
                out = self.add(out, base)
        inverse = pow(out[2], -1, self.p)
        return self.encode(out[0] * inverse % self.p, out[1] * inverse % self.p)

    def encode(self, x, y):
        """A point as octets: y, and the sign of x."""
        return (y | (x & 1) << (self.size * 8 - 1)).to_bytes(self.size, "little")

    def expand(self, seed):
        """(secret scalar, prefix)"""
        value = self.digest(b"", seed)
        low = bytearray(value[:self.size])
        if self.size == 32:
            low[0] &= 248
            low[31] = low[31] & 63 | 64
        else:
            low[0] &= 252
            low[55] |= 128
            low[56] = 0
        return int.from_bytes(low, "little"), value[self.size:]

    def public(self, seed):
        """The public key."""
        return self.times(self.expand(seed)[0])

    def sign(self, seed, data, domain=None):
        """(R, S) as octets and number; domain: of another variant."""
        domain = self.domain if domain is None else domain
        a, prefix = self.expand(seed)
        r = int.from_bytes(self.digest(domain, prefix, data), "little") % self.n
        big_r = self.times(r)
        h = int.from_bytes(self.digest(domain, big_r, self.public(seed), data), "little")
        return big_r, (r + h * a) % self.n


P25519 = 2**255 - 19
ED25519 = Edwards(
    "Ed25519", P25519, -1, -121665 * pow(121666, -1, P25519) % P25519,
    2**252 + 27742317777372353535851937790883648493,
    (15112221349535400772501151409588531511454012693041857206046113283949847762202,
     46316835694926478169428394003475163141307993866256225615783033603165251855960),
    32, ed25519_hash, b"")
ED448 = Edwards(
    "Ed448", 2**448 - 2**224 - 1, 1, -39081,
    2**446 - 13818066809895115352007386748515426880336692474882178609894547503885,
    (224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710,
     298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660),
    57, ed448_hash, b"SigEd448\0\0")
