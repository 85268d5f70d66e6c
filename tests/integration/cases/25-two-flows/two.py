# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""One WIC, two flows."""

from flows import Flows
from wic import Dialog

flows = Flows()
USER, IMPU = "wic1", "sip:wic1@ims.test"
PAST_GRACE = 2.0  # s; dereg_grace is 1


def flow(reg_id, instance=None):
    """A WebSocket of that instance, connected; reg-id 0: it does not say one."""
    wic = flows.connected(USER)
    wic.ua.instance = instance or wic.ua.instance
    wic.contact = f'{wic.ua.contact};+sip.instance="{wic.ua.instance}"' + (f";reg-id={reg_id}" if reg_id else "")
    return wic


def registers(wic, **options):
    flows.eq(wic.register(contact=wic.contact, **options).status, 200, f"REGISTER of {wic.contact}")
    return wic


def names():
    """reg-id -> the contact's name in the core."""
    return {row["reg-id"]: row["contact"] for row in flows.bindings(USER)}


def in_core(count, what):
    flows.comes(count, lambda: len(flows.known(USER)), f"contacts in the core {what}")


def is_called(by, wic, other=()):
    """One call arrives at that WIC, and at none of the others."""
    invite = by.call(by.ua.invite(IMPU))
    got = wic.expect("INVITE")
    ok = wic.reply(got, 200)
    answer = by.final(invite)
    flows.eq(answer.status, 200, "INVITE")
    mine = Dialog.of_caller(answer)
    by.send_in_dialog(by.ua.ack(mine))
    wic.expect("ACK")
    flows.bye(wic, by, Dialog.of_callee(got, ok))
    for one in other:
        flows.quiet([one], "no second INVITE")


carol = flows.core_ua("carol")

flows.part("two flows are two contacts, each with a Path for outbound")
first = registers(flow(1))
second = registers(flow(2, first.ua.instance))
in_core(2, "with two flows")
flows.eq(sorted(names()), [1, 2], "reg-ids")
flows.eq(len(set(names().values())), 2, "names")
for known in flows.known(USER):
    flows.ok(";ob" in known.path, "the Path says outbound", known.path)
was = names()

flows.part("one is lost: nothing is de-registered, the other one rings")
first.drop()
flows.comes([0], lambda: [row["connection"] for row in flows.bindings(USER) if row["reg-id"] == 1], "lost")
flows.quiet([second], "while the grace passes", PAST_GRACE)
flows.eq(len(flows.known(USER)), 2, "contacts in the core after the grace")
flows.eq(flows.registers_of(IMPU, 0), 0, "de-REGISTERs")
is_called(carol, second)

flows.part("the WIC opens it again")
first = registers(flow(1, first.ua.instance))
flows.eq(names(), was, "names in the core")
in_core(2, "again")
flows.eq(len([row for row in flows.bindings(USER) if row["connection"]]), 2, "flows that live")

flows.part("both are lost: both are de-registered")
first.drop()
second.drop()
in_core(0, "when both are lost")
flows.eq(flows.registers_of(IMPU, 0), 2, "de-REGISTERs")

flows.part("one is left by the WIC: the other one stays")
first = registers(flow(1))
second = registers(flow(2, first.ua.instance))
in_core(2, "with two flows")
registers(first, expires=0)
in_core(1, "after one has left")
is_called(carol, second, [first])
registers(first)
in_core(2, "after it came back")
first.contact = "*"
registers(first, expires=0)
in_core(0, "after Contact: *")
flows.eq(flows.bindings(USER), [], "bindings")

flows.part("without reg-id there is no outbound, and one contact")
first, second = flow(0), flow(0)
registers(first)
second.ua.contact, second.contact = first.ua.contact, first.contact
registers(second)
in_core(1, "without reg-id")
flows.ok(";ob" not in flows.contact(USER).path, "no outbound in the Path", flows.contact(USER).path)
flows.done()
