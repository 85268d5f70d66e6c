# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""One WIC of a range, two flows: one rings."""

from flows import Flows

flows = Flows()
USER, IMPU = "range1-bob", "sip:range1-bob@ims.test"
flows.comes("registered", lambda: flows.rows("webrtc_ims.ranges")[0]["state"], "range", 10)


def flow(reg_id, expires, instance=None):
    """A registered flow of that instance."""
    wic = flows.connected(USER)
    wic.ua.instance = instance or wic.ua.instance
    contact = f'{wic.ua.contact};+sip.instance="{wic.ua.instance}";reg-id={reg_id}'
    flows.eq(wic.register(contact=contact, expires=expires).status, 200, f"REGISTER of flow {reg_id}")
    return wic


def rings(wic, others=()):
    """A MESSAGE arrives at that flow, and at no other."""
    request = carol.call(carol.ua.message(IMPU, "hi"))
    wic.reply(wic.expect("MESSAGE"), 200)
    flows.eq(carol.final(request).status, 200, "MESSAGE")
    if others:
        flows.quiet(others, "the other flow")


carol = flows.core_ua("carol")
first = flow(1, 300)
second = flow(2, 500, first.ua.instance)
flows.eq(len(flows.rows("webrtc_ims.registrations", IMPU)), 2, "contacts")
rings(second, [first])
second.drop()
flows.comes([0, 1], lambda: sorted(min(row["connection"], 1) for row in flows.bindings(USER)), "flows that live")
rings(first)
device = flow(1, 300)
request = carol.call(carol.ua.invite(IMPU))
for wic in (first, device):
    wic.reply(wic.expect("INVITE"), 486)
flows.eq(carol.final(request).status, 486, "INVITE that two devices refuse")
flows.done()
