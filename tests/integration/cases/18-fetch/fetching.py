# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""fetching.py WIMS DIR: the child against hostile servers; certificates in DIR."""

import base64
import json
import os
import socket
import ssl
import subprocess
import sys
import time

import hostile
from frames import Child
from hostile import Server, context, garbage, silent

WIMS, TLS = sys.argv[1:]
CA = f"{TLS}/ca.pem"
FAILED = []


def check(got, want, what):
    """Counts and shows what is not as it should be."""
    CHECKS.append(what)
    if got != want:
        FAILED.append(what)
        print(f"FAIL {what}: {got!r}, expected {want!r}", file=sys.stderr)


CHECKS = []
good = Server(context(TLS, "good"))
closed = socket.create_server(("127.0.0.1", 0))  # its port stays ours, nobody listens once it is closed
closed_port = closed.getsockname()[1]
closed.close()
hole = Server(handler=silent)
hole_tls = Server(context(TLS, "good"), handler=lambda stream: time.sleep(30))
old = Server(context(TLS, "good", ssl.TLSVersion.TLSv1_1))
tls12 = Server(context(TLS, "good", ssl.TLSVersion.TLSv1_2))
servers = {name: Server(context(TLS, name)) for name in ("other", "self", "expired")}
no_tls = Server(handler=garbage)

# What the environment and the home directory say counts for nothing.
home = f"{TLS}/home"
os.makedirs(home)
with open(f"{home}/.netrc", "w", encoding="ascii") as netrc:
    netrc.write("machine localhost login thief password stolen\n")
# Nor a configuration of OpenSSL that would take anything.
with open(f"{home}/openssl.cnf", "w", encoding="ascii") as conf:
    conf.write("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = weak\n"
               "[weak]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
environment = {"OPENSSL_CONF": f"{home}/openssl.cnf", "https_proxy": f"http://127.0.0.1:{closed_port}", "ALL_PROXY": f"http://127.0.0.1:{closed_port}",
               "HOME": home, "SSL_CERT_FILE": CA}
child = Child(WIMS, environment)

EXPECTED = [
    # what, URL, options, outcome, status, max_age
    ("a good one", good.url("/ok"), {}, "ok", 200, 500),
    ("no max-age", good.url("/no-age"), {}, "ok", 200, -1),
    ("no-store", good.url("/no-store"), {}, "ok", 200, 0),
    ("TLS 1.2", tls12.url("/no-age"), {}, "ok", 200, -1),
    ("empty body", good.url("/empty"), {}, "ok", 200, -1),
    ("garbage", good.url("/garbage"), {}, "ok", 200, -1),
    ("interim answers", good.url("/interim"), {}, "ok", 200, -1),
    ("chunked", good.url("/chunked"), {}, "ok", 200, -1),
    ("as long as allowed", good.url("/limit"), {"max_bytes": 1000}, "ok", 200, -1),
    ("one byte more", good.url("/limit-and-one"), {"max_bytes": 1000}, "too_large", 200, -1),
    ("10 MB", good.url("/10mb"), {}, "too_large", 200, -1),
    ("10 MB, chunked", good.url("/10mb-chunked"), {}, "too_large", 200, -1),
    ("a head of 60 KB", good.url("/large-head"), {}, "too_large", 200, -1),
    ("gzip bomb", good.url("/gzip"), {}, "protocol", 200, -1),
    ("gzip as transfer coding", good.url("/te-gzip"), {}, "protocol", 200, -1),
    ("bad chunk", good.url("/bad-chunk"), {}, "protocol", 200, -1),
    ("cut body", good.url("/cut"), {}, "protocol", 200, -1),
    ("cut head", good.url("/cut-head"), {}, "protocol", None, -1),
    ("no HTTP", good.url("/no-http"), {}, "protocol", 0, -1),
    ("nothing", good.url("/nothing"), {}, "protocol", 0, -1),
    ("204", good.url("/204"), {}, "status", 204, -1),
    ("206", good.url("/206"), {}, "status", 206, -1),
    ("304", good.url("/304"), {}, "status", 304, -1),
    ("401", good.url("/401"), {"user": "u", "password": "p"}, "status", 401, -1),
    ("404", good.url("/404"), {}, "status", 404, -1),
    ("500", good.url("/500"), {}, "status", 500, -1),
    *[(f"{code}, same host", good.url(f"/redirect/{code}/same"), {}, "redirect", code, -1)
      for code in (301, 302, 303, 307, 308)],
    ("redirect, other host", good.url("/redirect/302/other"), {}, "redirect", 302, -1),
    ("slow without end", good.url("/slow"), {"timeout_ms": 1500}, "timeout", 200, -1),
    ("no answer", good.url("/silent"), {"timeout_ms": 1500}, "timeout", 0, -1),
    ("black hole", hole.url("/ok"), {"timeout_ms": 1500}, "timeout", 0, -1),
    ("black hole after TLS", hole_tls.url("/ok"), {"timeout_ms": 1500}, "timeout", 0, -1),
    ("nobody listens", f"https://localhost:{closed_port}/ok", {}, "connect", 0, -1),
    ("no such host", "https://nowhere.invalid/ok", {}, "resolve", 0, -1),
    ("other host name", servers["other"].url("/ok"), {}, "tls", 0, -1),
    ("self-signed", servers["self"].url("/ok"), {}, "tls", 0, -1),
    ("expired", servers["expired"].url("/ok"), {}, "tls", 0, -1),
    ("address in place of the name", good.url("/ok", host="127.0.0.1"), {}, "tls", 0, -1),
    ("CA of the system", good.url("/ok"), {"ca": ""}, "tls", 0, -1),
    ("no CA file", good.url("/ok"), {"ca": f"{TLS}/none.pem"}, "tls", 0, -1),
    ("TLS 1.1", old.url("/ok"), {}, "tls", 0, -1),
    ("no TLS", no_tls.url("/ok"), {}, "tls", 0, -1),
    ("http", good.url("/target", scheme="http"), {}, "bad_url", 0, -1),
    ("file", "file:///etc/passwd", {}, "bad_url", 0, -1),
    ("no host", "https:///ok", {}, "bad_url", 0, -1),
    ("nothing behind it", "https://", {}, "bad_url", 0, -1),
    ("one slash", "https:/ok", {}, "bad_url", 0, -1),
    ("user in it", good.url("/target").replace("//", "//me:pw@"), {}, "bad_url", 0, -1),
    ("password in it", good.url("/target").replace("//", "//:pw@"), {}, "bad_url", 0, -1),
    ("line break in it", good.url("/target\r\nX: y"), {}, "bad_url", 0, -1),
    ("no URL", "x", {}, "bad_url", 0, -1),
]


def table(rows):
    """At once: each has its outcome, and only a good one a body."""
    asked = [(row, child.ask(row[1], **{"ca": CA, **row[2]})) for row in rows]
    for (what, url, _, outcome, status, max_age), number in asked:
        got = child.answer(number)
        check(got.outcome, outcome, f"{what} ({url}; {got.why.decode()})")
        check(got.status, got.status if status is None else status, f"{what}: status")
        check(got.max_age, max_age, f"{what}: max-age")
        if outcome != "ok":
            check((got.body, got.why != b""), (b"", True), f"{what}: no body, but a reason")
            check("pw" in got.why.decode() or "me:" in got.why.decode(), False, f"{what}: tells no secret")
    return {row[0]: child.answer(number).body for row, number in asked}


def tables():
    """One host is asked 32 times at once, not more."""
    bodies = {**table(EXPECTED[::2]), **table(EXPECTED[1::2])}
    check(bodies["chunked"], b'{"keys":[]}', "chunked: body")
    check(bodies["garbage"], bytes(range(256)), "garbage: body")
    check(len(bodies["as long as allowed"]), 1000, "as long as allowed: body")


def nothing_follows():
    """Nobody asked where a redirect pointed, nor over http, and a server whose certificate is wrong heard nothing."""
    check([p for p in good.paths() if p == "/target"], [], "requests for /target")
    check(hostile.OTHER.open, [], "connections to the other host")
    for name, server in {**servers, "TLS 1.1": old}.items():
        check(server.seen, [], f"requests to {name}")
    # ... which does work for a client that wants it.
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.load_verify_locations(CA)
    ctx.set_ciphers("ALL:@SECLEVEL=0")
    ctx.minimum_version = ssl.TLSVersion.TLSv1_1
    with ctx.wrap_socket(socket.create_connection(("127.0.0.1", old.port)), server_hostname="localhost") as tls:
        check(tls.version(), "TLSv1.1", "the server of TLS 1.1")


def echo(**options):
    """The request as the server saw it."""
    seen = json.loads(child.answer(child.ask(good.url("/echo"), ca=CA, **options)).body)
    lines = seen["head"].split("\r\n")
    return lines[0], dict(line.split(": ", 1) for line in lines[1:]), seen["body"]


def requests():
    """What a GET and a POST look like."""
    first, fields, _ = echo()
    check(first, "GET /echo HTTP/1.1", "GET")
    check(fields, {"Host": f"localhost:{good.port}", "User-Agent": "webrtc_ims",
                   "Accept": "application/json, application/jwk-set+json"}, "its head: no cookie, no user, no coding")
    first, fields, body = echo(post=b"token=a%26b&x=y", user="cli ent:1", password="p&w\u00a3")
    check(first, "POST /echo HTTP/1.1", "POST")
    check(fields["Content-Type"], "application/x-www-form-urlencoded", "its type")
    check(body, "token=a%26b&x=y", "its body")
    check(base64.b64decode(fields["Authorization"].removeprefix("Basic ")), b"cli+ent%3A1:p%26w%C2%A3", "its user")
    check("Expect" in fields, False, "it waits for nothing")
    _, fields, _ = echo()
    check("Authorization" in fields, False, "the next one has no user")


def nobody_starves():
    """300 requests to a black hole: 32 wait, the others are refused at once, and a good server is asked meanwhile."""
    began = time.monotonic()
    waiting = [child.ask(hole.url("/ok"), ca=CA, timeout_ms=2000) for _ in range(300)]
    fast = [child.ask(good.url("/ok"), ca=CA) for _ in range(30)]
    check({child.answer(n).outcome for n in fast}, {"ok"}, "a good server beside a black hole")
    print(f"30 documents beside 300 requests to a black hole: {time.monotonic() - began:.3f} s")
    check(time.monotonic() - began < 1.5, True, "it is not held up")
    outcomes = [child.answer(n).outcome for n in waiting]
    check((outcomes.count("busy"), outcomes.count("timeout")), (268, 32), "requests to the black hole")
    check(time.monotonic() - began < 3, True, "waiting for a connection counts")


def process():
    """Nothing of what was asked stands where others can read it; a broken stream ends it, and so does its end."""
    with open(f"/proc/{child.process.pid}/cmdline", "rb") as cmdline:
        check(cmdline.read().split(b"\0")[1:], [b"fetch", b"serve", b""], "command line")
    check(child.end(), (0, ""), "end of its standard input")
    broken = Child(WIMS, {})
    broken.raw(b"GET / HTTP/1.1\r\n\r\n")
    check(broken.process.wait(5), 2, "status after a broken frame")
    check(b"not what the module writes" in broken.process.stderr.read(), True, "it says so")


def tool():
    """`wims fetch URL`."""
    for path, line, status in (("/ok", "ok status=200 max-age=500 bytes=11", 0),
                               ("/404", "status status=404: HTTP 404", 1),
                               ("/redirect/302/other", "redirect status=302: HTTP 302, redirects are not followed", 1)):
        done = subprocess.run([WIMS, "fetch", good.url(path), "--ca", CA], capture_output=True, text=True, check=False,
                              env=environment)
        check((done.stdout, done.returncode), (line + "\n", status), f"wims fetch {path}")


tables()
requests()
nobody_starves()
tool()
nothing_follows()
process()
print(f"{len(CHECKS)} checks, {len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
