# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a real core tells of WICs, and does to them."""

import os

from flows import CoreSide, Flows
from mddigest import answer_to

flows = Flows()
POOL = os.environ["POOL"]
LOBBY = "sip:lobby@ims.test"


def subscription(impu):
    """Its row of webrtc_ims.subscriptions; {} for none."""
    return next((row for row in flows.rows("webrtc_ims.subscriptions") if row["identity"] == impu), {})


def is_told(impu, what="subscribed and told"):
    flows.comes(True, lambda: subscription(impu).get("state") == "active" and subscription(impu)["notifies"] > 0,
                f"{impu} is {what}", 10)


def asked_for(impu):
    """Expires of the SUBSCRIBEs that entered the core for it."""
    whose = flows.said("SUBSCRIBE", "to")
    return [expires for to, expires in zip(whose, flows.said("SUBSCRIBE", "expires")) if to == impu]


def taken_away(impu, wics):
    """The HSS ends the registration of these WICs."""
    known, before = flows.known(impu.partition(":")[2].partition("@")[0]), flows.registers_of(impu, 0)
    flows.rtr(impu)
    for wic in wics:
        flows.closes(wic, 4403)
    flows.comes([], lambda: flows.rows("webrtc_ims.bindings", "impu", impu), f"bindings of {impu}")
    flows.comes("leaving", lambda: subscription(impu).get("state", "leaving"), f"subscription to {impu}", 10)
    flows.eq(flows.registers_of(impu, 0), before, f"de-REGISTERs of {impu}: the core knows")
    for contact in known:
        core.unreachable(contact, "who was taken away")


def with_password(user):
    """Scenario 1."""
    wic = flows.connected(user)
    wic.ua.token = None
    challenge = wic.register().get("WWW-Authenticate")
    answer = wic.register(headers=[("Authorization", answer_to(challenge, f"{user}@ims.test", f"{user}-test-password"))])
    flows.eq(answer.status, 200, f"REGISTER of {user} with a password")
    return wic


def of_pool(number):
    """One of those who share an IMPU."""
    wic = flows.connected("lobby", origin=POOL)
    wic.ua.token = flows.token("lobby", "--iss", POOL, "--client-id", "pool", "--sub", f"u{number}",
                               "--impi", f"lobby-{number}@ims.test")
    flows.eq(wic.register().status, 200, f"REGISTER of lobby-{number}")
    return wic


core = CoreSide(flows)
stays = flows.phone("wic2")

flows.part("one subscription for each IMPU")
first = flows.phone("wic1")
is_told("sip:wic1@ims.test")
flows.eq(first.register().status, 200, "a refresh")
second = flows.phone("wic1")
flows.eq(len(asked_for("sip:wic1@ims.test")), 1, "SUBSCRIBEs with a refresh and a second WIC")
flows.eq(set(flows.said("SUBSCRIBE", "asserted")), {f"<sip:127.0.0.1:{flows.mw[1]}>"}, "P-Asserted-Identity")
flows.eq(first.register(expires=0).status, 200, "the first one leaves")
flows.eq(subscription("sip:wic1@ims.test").get("state"), "active", "subscription with one left")
second.drop()
flows.comes("leaving", lambda: subscription("sip:wic1@ims.test").get("state", "leaving"), "subscription without any", 10)
flows.comes("0", lambda: asked_for("sip:wic1@ims.test")[-1], "Expires of the last SUBSCRIBE")
flows.ok(flows.count_log("the network has ended") == 0, "nothing was taken for an end by the network")
flows.eq(first.closed, None, "Close for who left by himself")

flows.part("taken away: scenario 2")
wics = [flows.phone("wic1"), flows.phone("wic1")]
is_told("sip:wic1@ims.test")
taken_away("sip:wic1@ims.test", wics)
again = flows.phone("wic1")
is_told("sip:wic1@ims.test", "subscribed to again")
core.reaches(flows.contact("wic1"), again, "who registered again")

flows.part("taken away: scenario 1")
dora = with_password("dora")
is_told("sip:dora@ims.test")
taken_away("sip:dora@ims.test", [dora])

flows.part("taken away: a pool, three WICs of one IMPU")
lobby = [of_pool(number) for number in (1, 2, 3)]
is_told(LOBBY)
flows.eq(len(asked_for(LOBBY)), 1, "SUBSCRIBEs for three WICs")
taken_away(LOBBY, lobby)

flows.part("who stays")
core.reaches(flows.contact("wic2"), stays, "another user")
flows.eq(stays.closed, None, "Close for another user")
flows.eq(flows.counter("network_ends"), 6, "registrations that the network ended")
flows.eq(flows.counter("subscriptions_missed"), 0, "subscriptions missed")
flows.done()
