# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a real core tells of the registration of a range."""

from flows import Flows

PILOT, WILDCARD = "sip:range1@ims.test", "sip:range1-!.*!@ims.test"

flows = Flows()


def subscription():
    """The row of webrtc_ims.subscriptions; {} for none."""
    rows = flows.rows("webrtc_ims.subscriptions")
    return rows[0] if rows else {}


def is_told(seconds=10):
    """Subscribed, and told once at least."""
    flows.comes(True, lambda: subscription().get("state") == "active" and subscription()["notifies"] > 0,
                "subscribed and told", seconds)


def range_state():
    return flows.rows("webrtc_ims.ranges")[0]["state"]


flows.part("subscribed to")
flows.comes("registered", range_state, "range", 10)
is_told()
flows.eq(subscription()["identity"], PILOT, "identity")
flows.eq(flows.seen("SUBSCRIBE"), 1, "SUBSCRIBEs")
flows.eq(flows.said("SUBSCRIBE", "asserted"), [f"<sip:127.0.0.1:{flows.mw[1]}>"], "P-Asserted-Identity")
flows.eq(flows.said("SUBSCRIBE", "to")[0], PILOT, "To")
flows.ok(flows.count_log(f"the core says of {WILDCARD}: active") >= 1, "news of the wildcard")

flows.part("refreshed")
flows.rpc("webrtc_ims.subscription", "refresh", PILOT)
flows.comes(2, lambda: flows.seen("SUBSCRIBE"), "SUBSCRIBEs")
flows.eq(len(set(flows.said("SUBSCRIBE", "ci"))), 1, "Call-IDs")
flows.eq(flows.said("SUBSCRIBE", "cseq"), ["1", "2"], "CSeqs")
flows.comes("active", lambda: subscription()["state"], "subscription")

flows.part("the network ends it")
phone = flows.connected("range1-bob")
flows.eq(phone.register().status, 200, "REGISTER in the range")
before = flows.registers_of(PILOT)
flows.rtr(PILOT)
flows.closes(phone, 4503)
flows.ok(flows.count_log(f"range {WILDCARD} is lost (network): 1 registrations ended") == 1, "the log tells of the loss")
flows.eq(flows.counter("ranges_lost"), 1, "losses")
flows.comes("registered", range_state, "range, again", 10)
flows.ok(flows.registers_of(PILOT) > before, "it was registered anew")
flows.eq(flows.registers_of(PILOT, 0), 0, "de-REGISTERs: the core knows")
flows.eq(flows.rows("webrtc_ims.registrations", "sip:range1-bob@ims.test"), [], "contacts")
is_told()
with flows.connected("range1-bob") as again:
    flows.eq(again.register().status, 200, "REGISTER after that")

flows.part("the core is killed")
notifies = flows.counter("notifies")
flows.core("crash")
flows.core("revive")
flows.rpc("webrtc_ims.range", "refresh", WILDCARD)
flows.comes("registered", range_state, "range in the new core", 10)
flows.rpc("webrtc_ims.subscription", "refresh", PILOT)
flows.comes(True, lambda: flows.counter("notifies") > notifies, "news of the new core", 15)
is_told()

flows.part("by hand")
flows.rpc("webrtc_ims.range", "deregister", WILDCARD)
flows.comes("leaving", lambda: subscription().get("state", "leaving"), "subscription to what is not registered")
flows.comes("0", lambda: flows.said("SUBSCRIBE", "expires")[-1], "Expires of the last SUBSCRIBE")
flows.done()
