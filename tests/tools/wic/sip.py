# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""SIP messages as a start line, a list of headers and a body.

Order, case and repeats of headers stay as they are, so that a test can say
what was on the wire and can send what no good client would."""

COMPACT = {
    "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
    "f": "from", "s": "subject", "k": "supported", "t": "to", "v": "via",
}


def _key(name):
    low = name.strip().lower()
    return COMPACT.get(low, low)


class SipError(Exception):
    """Bytes that are not a SIP message."""


class SipMessage:
    """start: the first line; headers: list of [name, value]; body: bytes.

    source is set by whoever received it (address, or None)."""

    def __init__(self, start, headers=(), body=b""):
        self.start = start
        self.headers = [[n, str(v)] for n, v in headers]
        self.body = body.encode() if isinstance(body, str) else body
        self.source = None

    def __repr__(self):
        return f"<SIP {self.start} | {self.get('CSeq')} | {self.get('Call-ID')}>"

    @classmethod
    def parse(cls, data):
        """From the bytes of one whole message; SipError when it has no head."""
        head, sep, body = data.partition(b"\r\n\r\n")
        if not sep:
            raise SipError(f"no end of head in {len(data)} bytes")
        lines = head.decode("utf-8", "surrogateescape").split("\r\n")
        msg = cls(lines[0], (), body)
        for line in lines[1:]:
            if line[:1] in (" ", "\t") and msg.headers:
                msg.headers[-1][1] = f"{msg.headers[-1][1]} {line.strip()}".strip()
                continue
            name, colon, value = line.partition(":")
            if not colon:
                raise SipError(f"not a header: {line[:60]!r}")
            msg.headers.append([name.strip(), value.strip()])
        return msg

    def to_bytes(self):
        """Wire form. Content-Length is added when no header says one."""
        lines = [self.start] + [f"{n}: {v}" for n, v in self.headers]
        if self.get("Content-Length") is None:
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + self.body

    # --- headers
    def all(self, name):
        """Values of every header of that name, top first (compact names too)."""
        return [v for n, v in self.headers if _key(n) == _key(name)]

    def get(self, name, default=None):
        """Value of the first header of that name."""
        return next(iter(self.all(name)), default)

    def values(self, name):
        """As all(), with comma lists taken apart (Via, Route, Contact...)."""
        return [v for line in self.all(name) for v in split_list(line)]

    def add(self, name, value):
        """Append a header; returns the message."""
        self.headers.append([name, str(value)])
        return self

    def push(self, name, value):
        """Put a header before all others; returns the message."""
        self.headers.insert(0, [name, str(value)])
        return self

    def remove(self, name):
        """Take away every header of that name; returns the message."""
        self.headers = [h for h in self.headers if _key(h[0]) != _key(name)]
        return self

    def set(self, name, value):
        """Replace all of that name by one, in the place of the first."""
        place = next((i for i, h in enumerate(self.headers) if _key(h[0]) == _key(name)), None)
        self.remove(name)
        self.headers.insert(len(self.headers) if place is None else place, [name, str(value)])
        return self

    # --- what kind of message
    @property
    def is_response(self):
        """True for a response."""
        return self.start.startswith("SIP/2.0 ")

    @property
    def status(self):
        """Status code of a response, 0 for a request."""
        return int(self.start.split(" ")[1]) if self.is_response else 0

    @property
    def reason(self):
        """Reason phrase of a response."""
        return self.start.split(" ", 2)[2] if self.is_response else ""

    @property
    def method(self):
        """Method of the request, or of the request that a response answers."""
        return self.cseq[1] if self.is_response else self.start.split(" ")[0]

    @property
    def uri(self):
        """Request-URI of a request."""
        return None if self.is_response else self.start.split(" ")[1]

    @property
    def cseq(self):
        """(number, method)"""
        number, _, method = (self.get("CSeq") or "0 NONE").partition(" ")
        return int(number), method.strip()

    @property
    def call_id(self):
        """Call-ID."""
        return self.get("Call-ID")

    def tag(self, name):
        """The tag parameter of From or To, or None."""
        return header_param(self.get(name) or "", "tag")


def split_list(line):
    """Split at the commas that are outside quotes and angle brackets."""
    out, part, quoted, angle = [], "", False, 0
    for ch in line:
        if ch == '"':
            quoted = not quoted
        elif not quoted and ch in "<>":
            angle += 1 if ch == "<" else -1
        if ch == "," and not quoted and angle == 0:
            out.append(part.strip())
            part = ""
        else:
            part += ch
    return [v for v in out + [part.strip()] if v]


def header_param(value, name):
    """A parameter behind the address of a From/To/Contact/Via value."""
    for part in value.rpartition(">")[2].split(";")[1:]:
        key, _, val = part.strip().partition("=")
        if key.lower() == name:
            return val.strip()
    return None


def address_uri(value):
    """The URI of a name-addr or addr-spec."""
    if "<" in value:
        return value.partition("<")[2].partition(">")[0]
    return value.partition(";")[0].strip()


def content_length(head):
    """Content-Length named in the bytes of a head; 0 when absent."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if _key(name.decode("latin-1")) == "content-length":
            return int(value)
    return 0


def cut_stream(buf):
    """Take one whole message off the front of a bytearray (SIP over TCP).

    Returns its bytes, b"" for a keep-alive (CRLF), None when more is needed."""
    if buf[:2] == b"\r\n":
        del buf[:2]
        return b""
    end = buf.find(b"\r\n\r\n")
    if end < 0:
        return None
    total = end + 4 + content_length(bytes(buf[:end]))
    if len(buf) < total:
        return None
    data = bytes(buf[:total])
    del buf[:total]
    return data
