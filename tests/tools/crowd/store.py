# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the registrar's Redis holds: docs/registrar-schema.md, read past the
module."""

import socket
from collections import namedtuple

from .place import host_port

TIMEOUT = 3.0
# until: ms by the clock of Redis, as everything there.
Contact = namedtuple("Contact", "name until node epoch")
Entry = namedtuple("Entry", "tag id owner impu contacts")


class StoreError(Exception):
    """Redis answered with an error."""


class Redis:
    """A connection to one Redis."""

    def __init__(self, address):
        self.sock = socket.create_connection(address, TIMEOUT)
        self.stream = self.sock.makefile("rb")

    def ask(self, *words):
        """The answer to a command: int, str, list or None."""
        words = [str(word).encode() for word in words]
        self.sock.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
        return self._answer()

    def _answer(self):
        line = self.stream.readline().decode().rstrip("\r\n")
        if not line:
            raise ConnectionError("Redis has closed the connection")
        kind, rest = line[0], line[1:]
        if kind == "-":
            raise StoreError(rest)
        if kind == ":":
            return int(rest)
        if kind == "$":
            return None if rest == "-1" else self.stream.read(int(rest) + 2)[:-2].decode("utf-8", "replace")
        if kind == "*":
            return None if rest == "-1" else [self._answer() for _ in range(int(rest))]
        return rest

    def close(self):
        """Ends the connection."""
        self.stream.close()
        self.sock.close()


class Store:
    """All masters of the registrar that the modparam names."""

    def __init__(self, registrar):
        self.places = [host_port(place) for place in registrar.partition(":")[2].rpartition("@")[2].split(",")]

    def masters(self):
        """A connection to each Redis that has data of its own."""
        found = []
        for place in self.places:
            try:
                redis = Redis(place)
                if redis.ask("ROLE")[0] == "master":
                    found.append(redis)
                else:
                    redis.close()
            except OSError:
                pass
        return found

    def scan(self, pattern, read):
        """read(redis, key, now in ms) of each key that fits."""
        found = []
        for redis in self.masters():
            cursor = "0"
            while True:
                cursor, keys = redis.ask("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
                seconds, micros = redis.ask("TIME")
                now = int(seconds) * 1000 + int(micros) // 1000
                found += [read(redis, key, now) for key in keys]
                if cursor == "0":
                    break
            redis.close()
        return found

    def entries(self):
        """Every entry, with the contacts that count now."""
        def read(redis, key, now):
            flat = redis.ask("HGETALL", key)
            fields = dict(zip(flat[::2], flat[1::2]))
            contacts = []
            for name, value in fields.items():
                if name.startswith("c:"):
                    until, node, epoch = map(int, value.split(" ")[:3])
                    if until > now:
                        contacts.append(Contact(name[2:], until, node, epoch))
            _, tag, _, ident = key.split(":", 3)
            return Entry(tag.strip("{}"), ident, fields.get("owner"), fields.get("impu"), contacts)
        return self.scan("wims:{*}:e:*", read)

    def leases(self):
        """{tag: (leases that run, leases that are over)}."""
        def read(redis, key, now):
            return (key.split(":")[1].strip("{}"), (redis.ask("ZCOUNT", key, f"({now}", "+inf"),
                                                    redis.ask("ZCOUNT", key, "-inf", now)))
        return dict(self.scan("wims:{*}:lease", read))

    def owners(self):
        """{(tag, user): index} of users that have one."""
        def read(redis, key, _):
            _, tag, _, user = key.split(":", 3)
            return ((tag.strip("{}"), user), redis.ask("GET", key))
        return dict(self.scan("wims:{*}:u:*", read))
