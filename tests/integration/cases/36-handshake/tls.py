# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS of the WSS port: versions and suites."""

import ssl
import warnings

from scene import Scene
from wic import Wic, tls_context

warnings.simplefilter("ignore", DeprecationWarning)  # of naming TLS 1.0 at all
scene = Scene()
VERSION = ssl.TLSVersion


def context(version, suites=None):
    """A client that would take anything; that version and these suites only."""
    ctx = tls_context()
    ctx.minimum_version = ctx.maximum_version = version
    if version != VERSION.TLSv1_3:
        ctx.set_ciphers(f"{suites or 'ALL'}:@SECLEVEL=0")
    return ctx


def handshake(ctx):
    """(version, suite), or the name of what the server said."""
    wic = Wic("127.0.0.1", scene.wss, name="localhost")
    try:
        wic.tcp().tls(ctx)
        return wic.link.sock.version(), wic.link.sock.cipher()[0]
    except ssl.SSLError as why:
        return why.reason
    finally:
        wic.drop()


scene.part("versions")
for version in (VERSION.TLSv1, VERSION.TLSv1_1):
    said = handshake(context(version))
    scene.ok("ALERT" in str(said), f"the server refuses {version.name}", said)
for version in (VERSION.TLSv1_2, VERSION.TLSv1_3):
    said = handshake(context(version))
    scene.ok(isinstance(said, tuple) and said[0] == version.name.replace("_", "."), f"{version.name}", said)

scene.part("suites of TLS 1.2")
offered = [suite["name"] for suite in context(VERSION.TLSv1_2, "ALL:COMPLEMENTOFALL").get_ciphers()
           if suite["protocol"] != "TLSv1.3" and "PSK" not in suite["name"] and "SRP" not in suite["name"]]
taken = set()
for suite in offered:
    said = handshake(context(VERSION.TLSv1_2, suite))
    if isinstance(said, tuple):
        taken.add(suite)
    else:
        scene.ok("ALERT" in str(said), f"{suite} is refused by the server", said)
scene.ok(taken, "some suites are taken", offered)
for suite in taken:
    scene.ok(suite.startswith("ECDHE-") and ("GCM" in suite or "CHACHA20" in suite), f"{suite} is taken, so is AEAD")
scene.ok(len(offered) - len(taken) > 20, "the counter-check: many were tried", len(offered))

scene.done()
