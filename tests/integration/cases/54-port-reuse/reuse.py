# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ports that are used again, and forks: the connection is the identity."""

from flows import CoreSide, Flows
from wic import Dialog

ROUNDS = 20

flows = Flows()
core = CoreSide(flows)
carol = flows.core_ua("carol")


def pending(victim, known):
    """An INVITE of the core that rings, and a MESSAGE of the victim that
    carol has not answered yet."""
    invite = core.request("INVITE", known)
    core.send_sip(invite)
    victim.send_sip(victim.ua.answer(victim.expect("INVITE"), 180))
    core.wait_for(lambda m: m.is_response and m.status == 180 and m.call_id == invite.call_id)
    victim.send_sip(victim.ua.message(carol.impu, "no answer yet"))
    return invite, carol.expect("MESSAGE")


def heir_of(victim, user):
    """A new client on the address and port of the one that just died."""
    port = victim.link.local[1]
    victim.rst()
    heir = flows.connected(user, source_port=port)
    flows.eq(heir.link.local[1], port, "port of the new client")
    return heir


def cancelled(invite):
    """The core gives the INVITE up."""
    cancel = core.ua.cancel(invite)
    flows.eq(core.ask(cancel).status, 200, "answer to CANCEL")


def one_round(number):
    """One death, one heir."""
    victim = flows.phone(f"wic{number}", source_port=flows.own_port())
    known = flows.contact(victim.user)
    core.reaches(known, victim, "before the death")
    invite, late = pending(victim, known)
    heir = heir_of(victim, f"wic{1000 + number}")
    who = f"the dead client (round {number})"
    core.unreachable(known, f"{who}, before the heir registers")
    if number % 2:
        flows.eq(heir.register().status, 200, "answer to REGISTER of the new client")
        core.unreachable(known, f"{who}, after the heir registered")
    cancelled(invite)
    carol.reply(late, 200)
    flows.ok(heir.quiet(0.15), f"nothing for {who} reaches the new client",
             "" if not heir._kept else heir._kept[0].start)
    if number % 2:
        core.reaches(flows.contact(heir.user), heir, "the new client itself")
    heir.close()


def invites(wic):
    """How many INVITEs a WIC got; it rings."""
    first = wic.expect("INVITE")
    wic.reply(first, 180)
    return first


def forked():
    """Two devices of one user, called through the core: two Paths."""
    one, two, caller = flows.phone("alice"), flows.phone("alice"), flows.phone("bob")
    flows.comes(2, lambda: len(flows.known("alice")), "contacts of alice in the core")
    paths = {known.path for known in flows.known("alice")}
    flows.eq(len(paths), 2, "number of Paths of two devices")
    invite = caller.ua.invite(one.impu)
    caller.send_sip(invite)
    at_one, at_two = invites(one), invites(two)
    for _ in (one, two):  # a 180 that comes behind its CANCEL would bring another
        caller.wait_for(lambda m: m.is_response and m.status == 180 and m.call_id == invite.call_id)
    flows.eq([at_one.uri, at_two.uri], [w.ua.contact.strip("<>") for w in (one, two)],
             "Request-URI of each branch is the device's own Contact")
    one.reply(at_one, 200)
    answer = caller.final(invite)
    flows.eq(answer.status, 200, "answer to a forked INVITE")
    cancel = two.expect("CANCEL")
    two.reply(cancel, 200)
    two.reply(at_two, 487)
    two.expect("ACK")
    dialog = Dialog.of_caller(answer)
    caller.send_sip(caller.ua.ack(dialog))
    one.expect("ACK")
    flows.bye(caller, one, dialog, "BYE to the device that answered")
    flows.quiet((one, two), "after a forked call")


for i in range(ROUNDS):
    one_round(i)
flows.part(f"{ROUNDS} ports used again")
forked()
flows.done()
