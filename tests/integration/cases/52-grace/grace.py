# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of a binding whose connection is lost."""

import os
import time

from flows import CoreSide, Flows, close_notify
from mwtap import captured
from wic import SipMessage, address_uri

GRACE = int(os.environ["GRACE"])
RELOADS = 100
LATE = 5  # s, on a machine that is busy

flows = Flows()
core = CoreSide(flows)


def same_device(old, user):
    """A page of the same browser: same +sip.instance, all else new."""
    wic = flows.connected(user)
    if old:
        wic.ua.instance = old.ua.instance
    return wic


def reloaded(old, user):
    """That page, registered."""
    wic = same_device(old, user)
    flows.eq(wic.register().status, 200, f"answer to REGISTER of {user} after a reload")
    return wic


def users_of(user):
    """User parts of the Contacts in the core."""
    return {known.contact.partition("sip:")[2].partition("@")[0] for known in flows.known(user)}


def removals():
    """REGISTERs with Expires: 0 that went to the core."""
    sent = [SipMessage.parse(data) for data in captured(f"{flows.run}/mw")]
    return [msg for msg in sent if msg.method == "REGISTER" and msg.get("Expires") == "0"]


def told_once(gone, others):
    """The one de-REGISTER: its own Call-ID, that Contact and no other."""
    sent = removals()
    flows.eq(len(sent), 1, "number of de-REGISTERs to the core")
    msg = sent[0]
    flows.eq([address_uri(value).partition("@")[0] for value in msg.values("Contact")],
             [f"sip:{gone}"], "Contact of the de-REGISTER")
    flows.ok(msg.call_id not in others, "the de-REGISTER has a Call-ID of its own", msg.call_id)
    flows.ok('integrity-protected="auth-done"' in msg.get("Authorization", ""),
             "the de-REGISTER is by TNA", msg.get("Authorization"))


def loss():
    """Two devices of one user, one of which is lost."""
    lost, stays = flows.phone("alice"), flows.phone("alice")
    flows.comes(2, lambda: len(users_of("alice")), "contacts of alice in the core")
    before, users = removals(), users_of("alice")
    flows.eq(before, [], "de-REGISTERs before any loss")
    since = time.monotonic()
    lost.rst()
    flows.comes(1, lambda: flows.stats()["waiting"], "bindings in their grace")
    known = users_of("alice")
    while time.monotonic() < since + GRACE:
        flows.eq(known, users, "contacts of alice in the core during the grace")
        time.sleep(0.2)
        known = users_of("alice")
    flows.now(LATE, lambda: len(users_of("alice")) == 1, "one contact of alice less in the core")
    took = time.monotonic() - since
    flows.part(f"the core was told {took:.2f} s after the loss, the grace is {GRACE} s")
    flows.ok(GRACE <= took <= GRACE + LATE, f"the core is told after the grace of {GRACE} s", took)
    left = flows.contact("alice")
    core.reaches(left, stays, "the other device")
    told_once((users - users_of("alice")).pop(), {lost.ua.reg_call_id, stays.ua.reg_call_id})
    flows.eq(len(flows.bindings("alice")), 1, "bindings of alice")
    return stays


def reload_once(user, overlap):
    """A reload within the grace; overlap: the new page is there before the
    old connection ends."""
    old = flows.phone(user)
    users, told = users_of(user), flows.counter("dereg_sent")
    if overlap:
        new = reloaded(old, user)
        close_notify(old)
    else:
        close_notify(old)
        flows.comes(1, lambda: flows.stats()["waiting"], "bindings in their grace")
        new = reloaded(old, user)
    flows.comes(0, lambda: flows.stats()["waiting"], "bindings in their grace after a reload")
    known = flows.contact(user)
    flows.eq(users_of(user), users, f"contact of {user} in the core after a reload")
    core.reaches(known, new, "after a reload")
    return new, known, told


def reload_often(user):
    """A page that is reloaded again and again, each time ending otherwise."""
    ends, page = (lambda w: w.rst(), close_notify, lambda w: w.close(), lambda w: w.drop()), None
    start = time.monotonic()
    for i in range(RELOADS):
        old, page = page, reloaded(page, user)
        if i + 1 < RELOADS:
            ends[i % len(ends)](page)
        flows.ok(old is None or page.ua.contact != old.ua.contact, "a new page has a new Contact URI")
    flows.part(f"{RELOADS} reloads in {time.monotonic() - start:.1f} s")
    return page


told = flows.counter("dereg_sent")
flows.eq(told, 0, "de-REGISTERs before any loss")
stays = loss()
reloads = [reload_once("bob", False), reload_once("carol", True)]
last = reload_often("wic7")
time.sleep(GRACE + 0.5)
for new, known, _ in reloads:
    still = flows.contact(new.user)
    flows.eq(still, known._replace(expires=still.expires), "contact in the core after the grace")
    core.reaches(known, new, "after the grace")
core.reaches(flows.contact("wic7"), last, f"after {RELOADS} reloads")
flows.eq(len(flows.core("registered", "sip:wic7@ims.test").splitlines()), 1,
         f"lines of the core about the page that was reloaded {RELOADS} times")
flows.eq(len(flows.bindings("wic7")), 1, f"bindings after {RELOADS} reloads")
flows.eq(flows.counter("dereg_sent"), 1, "de-REGISTERs in all: that of the lost device")
flows.eq(len(removals()), 1, "de-REGISTERs in all, as the core saw them")
flows.done()
