# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A core that ends subscriptions, and at last the range."""

import os
import subprocess

from flows import Flows

PILOT = "sip:range1@ims.test"

flows = Flows()


def subscription():
    return flows.rows("webrtc_ims.subscriptions")[0]


def core_says(substate, in_dialog, state="active", version=100):
    """The next SUBSCRIBE, which is asked for by hand, gets one NOTIFY."""
    keys = {"tag": "" if in_dialog else ";tag=n1", "number": "100", "version": str(version), "state": state,
            "substate": substate}
    core = subprocess.Popen(
        ["timeout", "15", "sipp", "127.0.0.1", "-sf", f"{flows.top}/sipp-scenarios/core_reg_event_end.xml",
         "-i", "127.0.0.1", "-p", os.environ["CORE_PORT"], "-m", "1", "-nostdin", "-timeout", "10s", "-timeout_error",
         *(part for key, value in keys.items() for part in ("-key", key, value))],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=flows.run)
    # A subscription that has ended may be renewed, and SIPp done, before that is seen.
    flows.comes(True, lambda: listens(os.environ["CORE_PORT"]) or core.poll() is not None, "SIPp listens")
    flows.rpc("webrtc_ims.subscription", "refresh", PILOT)
    said = core.communicate()[1]
    flows.eq(core.returncode, 0, f"SIPp with {substate}: {said[-300:]}")


def listens(port):
    """Somebody has that UDP port."""
    text = subprocess.run(["ss", "-Hlun", f"sport = :{port}"], check=True, capture_output=True, text=True).stdout
    return text.strip() != ""


flows.part("a WIC in the range")
phone = flows.connected("range1-bob")
flows.eq(phone.register().status, 200, "REGISTER")
flows.eq(subscription()["state"], "active", "subscription")

flows.part("subscriptions end, registrations do not")
IN_DIALOG = True
for reason, then in (("deactivated", "asked"), ("timeout", "asked"), ("probation;retry-after=600", "waiting"),
                     ("giveup", "waiting"), ("of-its-own", "waiting"), ("rejected", "denied"),
                     ("noresource", "denied"), ("invariant", "denied")):
    core_says(f"terminated;reason={reason}", IN_DIALOG)
    IN_DIALOG = False
    row = subscription()
    flows.eq(row.get("ended"), reason.partition(";")[0], "why it ended")
    # who is to be asked at once is asked, and not there
    flows.ok(row["state"] in (then, "waiting"), f"state after {reason}", row)
    flows.eq(row["state"] == "denied", then == "denied", f"denied after {reason}")
flows.eq(flows.rows("webrtc_ims.ranges")[0]["state"], "registered", "range")
flows.eq(flows.counter("ranges_lost"), 0, "losses")

flows.part("the range ends")
core_says("active;expires=600", False, "terminated")
flows.closes(phone, 4503)
with flows.connected("range1-bob") as late:
    flows.eq(late.register().status, 503, "REGISTER in a range that is not there")
flows.done()
