# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two WICs and what an operator sees of them."""

import os
import re
import subprocess
import sys
import time

from wic import Ua, Wic, WicRefused

ENV = os.environ


def client(origin=ENV["ORIGIN"]):
    return Wic("127.0.0.1", int(ENV["WSS_PORT"]), ca=ENV["CA"], name="localhost", origin=origin)


def rpc(*command):
    return subprocess.run(["kamcmd", "-s", ENV["CTL"], *command], capture_output=True,
                          text=True, timeout=10, check=False).stdout


def expect(got, want, what):
    if got != want:
        sys.exit(f"FAIL: {what} is {got!r}, expected {want!r}")


def until_empty():
    """The flow table has let go of every connection."""
    end = time.monotonic() + 10
    while "connections: 0\n" not in rpc("webrtc_ims.stats").replace("\t", ""):
        if time.monotonic() > end:
            sys.exit(f"FAIL: connections stay: {rpc('webrtc_ims.connections')}")
        time.sleep(0.05)


def refused(who):
    """HTTP status of the refusal; None when there was none."""
    try:
        who.connect()
    except WicRefused as why:
        return why.status
    return None


def main():
    expect(refused(client("https://elsewhere.test")), 403, "answer to a foreign Origin")
    one, two = client().connect(), client().connect()
    expect(refused(client()), 503, "answer beyond max_connections")

    # No core answers.
    answer = one.ask(Ua("sip:alice@ims.test", token=ENV["TOKEN"]).register())
    expect(answer.status, 503, "answer without a core")
    if not 5 <= int(answer.get("Retry-After")) <= 10:
        sys.exit(f"FAIL: Retry-After is {answer.get('Retry-After')}, expected 5 to 10")

    head, payload, signature = ENV["TOKEN"].split(".")
    spoilt = ".".join((head, payload, ("B" if signature[0] == "A" else "A") + signature[1:]))
    answer = two.ask(Ua("sip:alice@ims.test", token=spoilt).register())
    expect(answer.status, 401, "answer to a spoilt token")
    expect(two.wait_close(), (4401, "signature_bad"), "its Close frame")
    two.wait_tcp_end(3)
    one.fin()
    one.wait_tcp_end(3)
    until_empty()

    three = client().connect()
    ids = re.findall(r"connection: (\d+)\s+state: open", rpc("webrtc_ims.connections"))
    expect(len(ids), 1, "number of open connections")
    rpc("webrtc_ims.close", ids[0])
    expect(three.wait_close(), (4900, "closed by the operator"), "Close frame by RPC")
    three.wait_tcp_end(3)
    until_empty()
    client().connect().fin()
    until_empty()


main()
