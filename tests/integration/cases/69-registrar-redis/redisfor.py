# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The Redis of the case, as an operator sees it."""

import hashlib
import os
import subprocess

from flows import Flows

RANGE = "sip:range1-!.*!@ims.test"
TAG = hashlib.sha256(RANGE.encode()).hexdigest()[:16]


def impu(user):
    return f"sip:{user}@ims.test"


def entry(user):
    """The key of that user's entry."""
    return f"wims:{{{TAG}}}:e:{impu(user)}"


class Registered(Flows):
    """A Scene with an eP-CSCF whose registrar is in Redis."""

    def __init__(self):
        super().__init__()
        self.range = RANGE

    def redis(self, *words):
        """tests/lab/redis.sh"""
        done = subprocess.run([f"{self.top}/tests/lab/redis.sh", os.environ["REDIS_DIR"], *words],
                              check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def cli(self, *words):
        """redis-cli"""
        return self.redis("cli", "r1", *words)

    def fields(self, user):
        """The entry as a dict; empty: there is none."""
        lines = self.cli("HGETALL", entry(user)).splitlines()
        lines += [""] * (len(lines) % 2)  # an empty value at the end
        return dict(zip(lines[::2], lines[1::2]))

    def taken(self, user, later):
        """Somebody else has the IMPU there, over a contact at another node, since so much
        later; since when it was its user's."""
        fields, key = self.fields(user), entry(user)
        since, = (int(fields[name]) for name in fields if name == "since")
        contact, = (value for name, value in fields.items() if name.startswith("c:"))
        expiry, _, rest = contact.split(" ", 2)
        self.cli("EVAL", "redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], unpack(ARGV)) "
                 "redis.call('PEXPIRE', KEYS[1], 60000)", "1", key, "owner", "mallory", "impu", impu(user),
                 "since", str(since + later), "c:" + "f" * 24, f"{expiry} 9 {rest}")
        return since

    def adds(self, user, name, node):
        """The entry has one more contact, of another device, at that node."""
        expiry, _, epoch, q, flow, reg_id, _ = next(
            value for field, value in self.fields(user).items() if field.startswith("c:")).split(" ", 6)
        self.cli("HSET", entry(user), f"c:{name}", f"{expiry} {node} {epoch} {q} {flow} {reg_id} <urn:uuid:{name}>")

    def contacts(self, user):
        """Names of its contacts."""
        return sorted(name[2:] for name in self.fields(user) if name.startswith("c:"))

    def ours(self, user):
        """Names of the bindings of this node."""
        return sorted(row["contact"] for row in self.rows("webrtc_ims.registrations", impu(user)))

    def same(self, user, want, what, seconds=2):
        """So many contacts, and Redis has the same as the flow table."""
        self.comes(want, lambda: len(self.contacts(user)), f"contacts in Redis: {what}", seconds)
        self.comes(self.ours(user), lambda: self.contacts(user), f"the same contacts: {what}", seconds)
