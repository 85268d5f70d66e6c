# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Spellings of a header that some parser could take for it. Each is the bytes
of whole lines, to be put among the headers (last: before the blank line)."""

BAD_BYTES = (0x00, 0x01, 0x08, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0xa0, 0xad, 0xff)


def mixed(name):
    """p-ASSERTED-iDENTITY"""
    return bytes(c ^ 0x20 if chr(c).isalpha() and i % 3 else c for i, c in enumerate(name))


def spellings(name, value):
    """{what: bytes}"""
    n, v = name.encode(), value.encode()
    plain = n + b": " + v + b"\r\n"
    half = n.index(b"-") + 1 if b"-" in n else 2
    found = {
        "plain": plain, "lower case": n.lower() + b": " + v + b"\r\n",
        "upper case": n.upper() + b": " + v + b"\r\n", "mixed case": mixed(n) + b": " + v + b"\r\n",
        "no space": n + b":" + v + b"\r\n", "many spaces": n + b":    \t  " + v + b"  \t\r\n",
        "twice": plain * 2, "twice, the first empty": n + b":\r\n" + plain,
        "comma": n + b": " + v + b", " + v + b"\r\n", "space before the colon": n + b" : " + v + b"\r\n",
        "tab before the colon": n + b"\t: " + v + b"\r\n", "spaces before the colon": n + b"   : " + v + b"\r\n",
        "value folded": n + b":\r\n " + v + b"\r\n", "value folded by tab": n + b":\r\n\t" + v + b"\r\n",
        "name folded": n[:half] + b"\r\n " + n[half:] + b": " + v + b"\r\n",
        "folded before the colon": n + b"\r\n : " + v + b"\r\n",
        "line ends in LF": n + b": " + v + b"\n", "line before ends in LF": b"Subject: a\n" + plain,
        "line before ends in CR": b"Subject: a\r" + plain, "CR inside": b"Subject: a\r" + n + b": " + v + b"\rb\r\n",
        "CR CR LF": b"Subject: a\r\r\n" + plain, "LF CR": b"Subject: a\n\r" + plain,
        "fold of another": b"Subject: a\r\n " + plain, "fold of another by tab": b"Subject: a\r\n\t" + plain,
        "fold of nothing": b"Subject: a\r\n \r\n" + plain, "blank in front": b" " + plain,
        "colon twice": n + b":: " + v + b"\r\n", "no colon": n + b" " + v + b"\r\n",
        "underscore": n.replace(b"-", b"_") + b": " + v + b"\r\n",
        "soft hyphen": n.replace(b"-", b"\xc2\xad") + b": " + v + b"\r\n",
        "escaped": n.replace(b"-", b"%2D") + b": " + v + b"\r\n",
        "quoted": b'"' + n + b'": ' + v + b"\r\n", "parameter": n + b";a: " + v + b"\r\n",
        "no name": b": " + plain, "NUL in the value": n + b": \0" + v + b"\r\n",
        "NUL and more": b"Subject: a\0\r\n" + plain, "open quote": b'Subject: "a\r\n' + plain,
    }
    for byte in BAD_BYTES:
        found[f"0x{byte:02x} before the colon"] = n + bytes([byte]) + b": " + v + b"\r\n"
    return found


def behind_the_head(name, value):
    """A copy where the body begins."""
    return f"{name}: {value}\r\n\r\n".encode()
