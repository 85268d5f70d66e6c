# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A strict reader of SIP heads (RFC 3261 7.3, 25.1), for what the eP-CSCF
sends: it takes nothing that another reader could take otherwise."""

import re

TOKEN = rb"[A-Za-z0-9.!%*_+`'~-]+"
LINE = re.compile(rb"(" + TOKEN + rb"): ?([\x20-\x7e\x80-\xff]*)\Z")
REQUEST = re.compile(rb"(" + TOKEN + rb") ([!-~]+) SIP/2\.0\Z")
STATUS = re.compile(rb"(SIP/2\.0) ([1-6]\d\d) [\x20-\x7e\x80-\xff]*\Z")
PARAM = re.compile(r'\s*([A-Za-z0-9.!%*_+`\'~-]+)=("(?:[^"\\]|\\.)*"|[A-Za-z0-9.!%*_+`\'~-]+)\s*(?:,|\Z)')
# RFC 3261 25.1: name-addr or addr-spec with header parameters, and nothing around them.
QUOTED = r'"(?:[^"\\]|\\.)*"'
WORD = r"[A-Za-z0-9.!%*_+`'~-]+"
BEHIND = rf"(?:\s*;\s*{WORD}(?:\s*=\s*(?:{QUOTED}|[^\s<>\x22,;\\]+))?)*\s*"
# Beyond it, letters of other scripts in a name without quotes.
NAME = r"[A-Za-z0-9.!%*_+`'~\x80-\U0010ffff-]+"
NAME_ADDR = re.compile(rf"(?:{QUOTED}|(?:{NAME}\s+)*(?:{NAME})?)\s*<([^<>\s\"]+)>{BEHIND}\Z")
ADDR_SPEC = re.compile(rf'([^<>\s",;?]+){BEHIND}\Z')
LONG_NAMES = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id", b"m": b"contact",
              b"l": b"content-length", b"k": b"supported", b"c": b"content-type"}


class NotStrict(Exception):
    """What the bytes do that they must not."""


class Head:
    """method and uri, of a response "SIP/2.0" and its status; lines: [(name in
    lower case, value)] in order; body: bytes."""

    def __init__(self, data):
        head, end, self.body = data.partition(b"\r\n\r\n")
        lines = re.sub(rb"\r\n[ \t]+", b" ", head).split(b"\r\n")
        first = REQUEST.match(lines[0]) or STATUS.match(lines[0])
        if not end or not first:
            raise NotStrict(f"no start line: {lines[0]!r}")
        self.method, self.uri = (part.decode() for part in first.groups())
        self.lines = [self._line(line) for line in lines[1:]]

    @staticmethod
    def _line(line):
        found = LINE.match(line)
        if not found:
            raise NotStrict(f"no header: {line!r}")
        name = found.group(1).lower()
        return LONG_NAMES.get(name, name).decode(), found.group(2).decode("utf-8", "surrogateescape").strip()

    def all(self, name):
        """Values of each header of that name."""
        return [value for known, value in self.lines if known == name.lower()]

    def names(self):
        """Each name that is there."""
        return {name for name, _ in self.lines}


def auth_params(value):
    """(scheme, {name: value with its quotes}); a name twice is not strict."""
    scheme, _, rest = value.partition(" ")
    params, at = {}, 0
    while at < len(rest):
        found = PARAM.match(rest, at)
        if not found or found.group(1).lower() in params:
            raise NotStrict(f"no list of parameters: {rest[at:]!r}")
        params[found.group(1).lower()] = found.group(2)
        at = found.end()
    return scheme, params


def address(value):
    """The URI of a To, From or Contact with one address."""
    found = NAME_ADDR.match(value.strip()) or ADDR_SPEC.match(value.strip())
    if not found:
        raise NotStrict(f"no address: {value!r}")
    if len(re.findall(r";\s*tag\s*=", value.rpartition(">")[2], re.I)) > 1:
        raise NotStrict(f"two tags: {value!r}")
    return found.group(1)
