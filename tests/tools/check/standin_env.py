# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests share: the stand-in's addresses and clients for them."""

import os
import time
import uuid

from wic import Mw, Ua, Wic

DIR = os.environ["STANDIN"]
with open(os.path.join(DIR, "env"), encoding="ascii") as src:
    ENV = dict(line.strip().split("=", 1) for line in src)
WSS_PORT, MW_PORT, CA = int(ENV["WSS_PORT"]), int(ENV["MW_PORT"]), ENV["CA"]


def wic(**options):
    """A Wic for the stand-in, not connected."""
    return Wic("127.0.0.1", WSS_PORT, ca=CA, name="localhost", **options)


def user():
    """A Ua with an identity that no other test has, and a token."""
    return Ua(f"sip:u{uuid.uuid4().hex[:8]}@ims.test", token="t")


def registered():
    """(Wic, Ua), registered."""
    client, ua = wic().connect(), user()
    assert client.ask(ua.register()).status == 200
    return client, ua


def mw_peer(proto="udp"):
    """(Mw, Ua) on the core's side of the stand-in."""
    mw = Mw(proto=proto, peer=("127.0.0.1", MW_PORT))
    host = f"{mw.addr[0]}:{mw.addr[1]}"
    ua = user()
    return mw, Ua(ua.impu, "t", proto.upper(), host, f"<sip:core@{host};transport={proto}>")


def wait_until(what, seconds=5.0):
    """Polls what() until it is true; its last value."""
    end = time.monotonic() + seconds
    while not (value := what()) and time.monotonic() < end:
        time.sleep(0.02)
    return value
