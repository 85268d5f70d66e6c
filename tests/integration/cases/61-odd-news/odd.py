# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core that ends subscriptions, and at last the range."""

import os
import subprocess

from flows import Flows

PILOT = "sip:range1@ims.test"
# In the order in which the core says them, and what becomes of the subscription. Who is to
# ask at once (RFC 6665 4.1.3) does so by itself, and hears the next one.
AT_ONCE = ("deactivated", "timeout")
ENDS = {"probation": "waiting", "giveup": "waiting", "of-its-own": "waiting", "rejected": "denied",
        "noresource": "denied", "invariant": "denied"}

flows = Flows()


def subscription():
    return flows.rows("webrtc_ims.subscriptions")[0]


def core():
    """One SIPp for all of it: nothing is asked where nobody listens."""
    with open(f"{flows.run}/ends.csv", "w", encoding="utf-8") as lines:
        print("SEQUENTIAL", *(f"terminated;reason={reason};active" for reason in (*AT_ONCE, *ENDS)),
              "active;expires=600;terminated", sep="\n", file=lines)
    with open(f"{flows.run}/log/ends.log", "wb") as log:
        return subprocess.Popen(
            ["timeout", "70", "sipp", "127.0.0.1", "-sf", f"{flows.top}/sipp-scenarios/core_reg_event_end.xml",
             "-inf", lines.name, "-i", "127.0.0.1", "-p", os.environ["CORE_PORT"], "-m", str(len(AT_ONCE) + len(ENDS) + 1),
             "-nostdin", "-timeout", "60s", "-timeout_error"], stdout=log, stderr=log, cwd=flows.run)


def listens(port):
    """Somebody has that UDP port."""
    text = subprocess.run(["ss", "-Hlun", f"sport = :{port}"], check=True, capture_output=True, text=True).stdout
    return text.strip() != ""


def asks_by_hand():
    flows.rpc("webrtc_ims.subscription", "refresh", PILOT)


flows.part("a WIC in the range")
phone = flows.connected("range1-bob")
flows.eq(phone.register().status, 200, "REGISTER")
flows.eq(subscription()["state"], "active", "subscription")

flows.part("subscriptions end, registrations do not")
with core() as sipp:
    flows.comes(True, lambda: listens(os.environ["CORE_PORT"]), "SIPp listens")
    for then in ENDS.items():
        asks_by_hand()
        flows.comes(then, lambda: (subscription().get("ended"), subscription()["state"]),
                    "why it ended, and its state")
    flows.eq(flows.rows("webrtc_ims.ranges")[0]["state"], "registered", "range")
    flows.eq(flows.counter("ranges_lost"), 0, "losses")

    flows.part("the range ends")
    asks_by_hand()
    flows.closes(phone, 4503)
flows.eq(sipp.returncode, 0, "SIPp that was the core")
with flows.connected("range1-bob") as late:
    flows.eq(late.register().status, 503, "REGISTER in a range that is not there")
flows.done()
