# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The WWSFs that hostile tokens are aimed at, with their keys, and the tokens
that all of them are made from.

shop    every kind of key, each under its own kid; "pin" may only do RS256
bank    other keys under the same kids
secret  HMAC, with a secret of 32 bytes and one of 64
lone    one key without a kid
strict  claims by path, required claims, client_id, at+jwt
guests  a pool whose users may be anonymous
thin    the core authenticates: no token is good here"""

import itertools
import json
import os
from typing import NamedTuple

from .keys import P256, Ec, Rsa, Secret, b64, join, ring, text_of

SCOPE = "webrtc-ims-client-access-to-ims"
ABSENT = object()
# Whom a WWSF's good tokens are of: subscribers of tests/lab/core/.
USERS = {"shop": "alice", "bank": "pool21", "secret": "pool31", "lone": "pool41", "strict": "pool51", "guests": "pool61"}


class Case(NamedTuple):
    """One token. wwsf: whose web page it comes from; exact: on the very border
    of a time, so right at one second only; told: the outcome on the wire, where
    it is another one; "-": it cannot be sent in a SIP message, or the core has
    nobody like that."""

    name: str
    outcome: str
    token: str
    wwsf: str = "shop"
    exact: bool = False
    told: str = ""


class World:
    """The keys, made anew, and tokens of them at one time."""

    def __init__(self, now):
        self.now, self.count = now, itertools.count()
        self.shop = {**ring(), "pin": Rsa()}
        self.bank = {"rs": Rsa(), "es": Ec(P256)}
        self.secret = {"h32": Secret(os.urandom(32)), "h64": Secret(os.urandom(64))}
        self.lone, self.strict, self.stranger, self.guests = Ec(P256), Ec(P256), Ec(P256), Ec(P256)

    # --- provisioning
    def wwsf(self, name, keys, **members):
        """One of them, as in the provisioning file."""
        pool = USERS[name][:-1]
        return {"name": name, "scenario": "web-auth", "domain": "ims.test",
                "origins": [f"https://{name}.test"], "issuer": f"https://{name}.test",
                "audience": ["ims.test", "sip:ims.test"], "keys": {"jwks": {"keys": keys}},
                "impus": [f"sip:{pool}*@ims.test"], "impis": [f"{pool}*@ims.test"],
                "close_on_bad_token": False, **members}

    def provisioning(self):
        """The whole file."""
        def set_of(keys):
            return [key.jwk(kid=kid, alg="RS256" if kid == "pin" else None) for kid, key in keys.items()]

        mine = {"impus": ["sip:alice@ims.test", "sip:wic*@ims.test", "tel:+4930*"],
                "impis": ["alice@ims.test", "wic*@ims.test"]}
        strict = {"claims": {"impi": "ims.impi", "impu": "ims.impu", "scope": "realm.roles"},
                  "required_claims": {"tenant": ["red", 7, True], "ims.class": "gold"},
                  "wwsf_id": ["web-site"], "require_at_jwt": True}
        return {"version": 1, "wwsf": [
            self.wwsf("shop", set_of(self.shop), **mine),
            self.wwsf("bank", set_of(self.bank)),
            self.wwsf("secret", set_of(self.secret), algorithms=["HS256", "HS384", "HS512"]),
            self.wwsf("lone", [self.lone.jwk()]),
            self.wwsf("strict", [self.strict.jwk(kid="s1")], **strict),
            self.wwsf("guests", [self.guests.jwk(kid="g1")], scenario="pool", anonymous=True),
            {"name": "thin", "scenario": "ims-auth", "domain": "ims.test", "origins": ["https://thin.test"]}]}

    # --- tokens
    def key(self, kid, wwsf="shop"):
        """A key of the WWSF."""
        keys = getattr(self, wwsf)
        return keys[kid] if isinstance(keys, dict) else keys

    def claims(self, wwsf="shop", **changes):
        """Good claims, changed; ABSENT leaves one out."""
        user = USERS[wwsf]
        good = {"iss": f"https://{wwsf}.test", "aud": "ims.test", "sub": user, "jti": f"h-{next(self.count)}",
                "client_id": "web-site", "impi": f"{user}@ims.test", "impu": f"sip:{user}@ims.test",
                "scope": SCOPE, "iat": self.now, "exp": self.now + 600}
        if wwsf == "strict":
            good |= {"ims": {"impi": good.pop("impi"), "impu": good.pop("impu"), "class": "gold"},
                     "realm": {"roles": [good.pop("scope"), "user"]}, "tenant": "red"}
        return without_absent({**good, **changes})

    def head(self, kid="es", alg=None, wwsf="shop", changes=None):
        """Good header for that key, changed."""
        good = {"alg": alg or self.key(kid, wwsf).algs[0], "typ": "JWT", "kid": kid}
        if wwsf == "lone":
            del good["kid"]
        if wwsf == "strict":
            good["typ"] = "at+jwt"
        return without_absent({**good, **(changes or {})})

    def token(self, kid="es", alg=None, wwsf="shop", head=None, payload=None, **changes):
        """A token of that key; head: changes of the header; payload: instead of
        the claims, which other arguments change."""
        alg = alg or self.key(kid, wwsf).algs[0]
        return join(self.key(kid, wwsf), alg, self.head(kid, alg, wwsf, head),
                    self.claims(wwsf, **changes) if payload is None else payload)

    def parts(self, kid="es", alg=None):
        """Header and payload of a good token, encoded."""
        return b64(text_of(self.head(kid, alg))), b64(text_of(self.claims()))

    def signed(self, text, kid="es"):
        """Any text as signing input, with a good signature behind it."""
        key = self.key(kid)
        return f"{text}.{b64(key.sign(key.algs[0], text.encode('latin-1')))}"

    def forged(self, make, kid="es", alg=None):
        """A good token but for its signature: make(key, signing input) has the
        octets."""
        text = ".".join(self.parts(kid, alg))
        return f"{text}.{b64(make(self.key(kid), text.encode()))}"


def without_absent(members):
    """The rest."""
    return {name: value for name, value in members.items() if value is not ABSENT}


def json_with(claims, member):
    """The object's text with more text at its end, such as a member twice."""
    return json.dumps(claims)[:-1] + f",{member}}}"
