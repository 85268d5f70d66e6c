# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Good messages with one fault each: {what: function(bytes) -> bytes}."""

import random

VALUES = {
    "empty": b"", "blank": b"   ", "one byte": b"x", "300 bytes": b"a" * 300, "9000 bytes": b"a" * 9000,
    "percent": b"%s%n%x" * 20, "escapes": b"%00%0d%0a%zz%", "zero": b"0", "minus one": b"-1", "2^31": b"2147483648",
    "2^32": b"4294967296", "2^64": b"18446744073709551616", "30 digits": b"9" * 30, "NUL": b"a\0b", "BEL": b"a\x07b",
    "CR": b"a\rb", "no UTF-8": b"\xff\xfe\x80", "overlong UTF-8": b"\xc0\xaf\xe0\x80\xaf", "open quote": b'"abc',
    "odd escape": b'"abc\\', "open bracket": b"<sip:alice@ims.test", "brackets": b"<<<>>>", "only brackets": b"<>",
    "comma": b",", "commas": b",,,,", "semicolons": b";;;;", "equals": b"=;=;=", "colon": b":", "colons": b"::::",
    "slashes": b"SIP/2.0/WSS/", "URI without host": b"<sip:alice@>", "URI without scheme": b"<alice@ims.test>",
    "URI with port 99999": b"<sip:alice@ims.test:99999>", "URI with a bad IPv6": b"<sip:alice@[::::]>",
    "URI with headers": b"<sip:alice@ims.test?Route=%3Csip:evil.example%3E>", "tel URI": b"<tel:+1-555;phone-context=>",
    "another scheme": b"<urn:service:x>", "200 parameters": b"<sip:alice@ims.test>" + b";a=b" * 200,
    "parameters twice": b"<sip:alice@ims.test>;tag=1;tag=2", "another identity": b"<sip:boss@evil.example>;tag=1",
    "star": b"*", "list": b"<sip:a@ims.test>, <sip:b@ims.test>", "Digest": b'Digest username="boss@evil.example"',
}


def _split(data):
    head, _, body = data.partition(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")
    return start, lines, body


def _join(start, lines, body):
    return b"\r\n".join([start, *lines]) + b"\r\n\r\n" + body


def _header(index, change):
    """change((name, value)) -> lines, of one header."""
    def mutant(data):
        start, lines, body = _split(data)
        name, _, value = lines[index].partition(b":")
        return _join(start, lines[:index] + change(name, value.strip()) + lines[index + 1:], body)
    return mutant


def _start(change):
    def mutant(data):
        start, lines, body = _split(data)
        return _join(change(start), lines, body)
    return mutant


STARTS = {
    "no version": lambda s: s.rpartition(b" ")[0], "version 7": lambda s: s.replace(b"2.0", b"7.0"),
    "two blanks": lambda s: s.replace(b" ", b"  "), "no URI": lambda s: b"REGISTER  SIP/2.0",
    "lower case": bytes.lower, "method of 9000": lambda s: b"R" * 9000 + s[8:], "URI of 9000": lambda s: s.replace(b"ims", b"i" * 9000),
    "URI with NUL": lambda s: s.replace(b"ims", b"i\0s"), "URI in brackets": lambda s: s.replace(b"sip:ims.test", b"<sip:ims.test>"),
    "URI with headers": lambda s: s.replace(b"ims.test", b"ims.test?Route=%3Csip:evil.example%3E"),
    "URI elsewhere": lambda s: s.replace(b"ims.test", b"evil.example"), "URI with user": lambda s: s.replace(b"sip:", b"sip:boss@"),
    "tel URI": lambda s: s.replace(b"sip:ims.test", b"tel:+1555"), "port 0": lambda s: s.replace(b"ims.test", b"ims.test:0"),
}

HEADERS = {
    "left out": lambda n, v: [], "twice": lambda n, v: [n + b": " + v] * 2, "as a list of two": lambda n, v: [n + b": " + v + b", " + v],
    "cut in half": lambda n, v: [n + b": " + v[:len(v) // 2]], "without its colon": lambda n, v: [n + b" " + v],
    "without its name": lambda n, v: [b": " + v], "folded": lambda n, v: [n + b":", b" " + v],
    "with a trailing semicolon": lambda n, v: [n + b": " + v + b";"], "with a trailing comma": lambda n, v: [n + b": " + v + b","],
    "reversed": lambda n, v: [n + b": " + v[::-1]], "with a quote": lambda n, v: [n + b": " + v + b'"'],
    **{f"with {what}": lambda n, v, value=value: [n + b": " + value] for what, value in VALUES.items()},
    **{f"and {what}": lambda n, v, value=value: [n + b": " + v + value] for what, value in VALUES.items()},
}


def by_rule(sample):
    """Every kind of fault in each header of the sample, and in its start line."""
    found = {f"start line: {what}": _start(change) for what, change in STARTS.items()}
    for index, line in enumerate(_split(sample)[1]):
        name = line.partition(b":")[0].decode()
        for what, change in HEADERS.items():
            found[f"{name} {what}"] = _header(index, change)
    return found


def at_random(seed):
    """A fault of bytes: changed, taken out, doubled or put in."""
    def mutant(data):
        dice, noise = random.Random(seed), bytearray(data)
        for _ in range(dice.randrange(1, 5)):
            at, size = dice.randrange(len(noise)), dice.randrange(1, 30)
            piece = noise[at:at + size]
            noise[at:at + size] = dice.choice((
                bytes(dice.randrange(256) for _ in piece), b"", piece * 2, piece + dice.choice(list(VALUES.values()))))
        return bytes(noise)
    return mutant


def some_of(sample, n, dice, seed):
    """n of them, as (what, function): half by rule, which dice choose, half at random."""
    rules = list(by_rule(sample).items())
    some = dice.sample(rules, min(len(rules), n // 2))
    return some + [(f"at random {i}", at_random(seed * 100000 + i)) for i in range(n - len(some))]
