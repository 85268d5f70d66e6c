# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose bytes are they? WICs of two users, called at once, over and over."""

from forking import Caller, Fork
from wic import WicTimeout

ROUNDS = 10
scene = Fork()
caller = Caller(scene)
BOB, EVE = "sip:range1-bob@ims.test", "sip:range1-eve@ims.test"


def own_messages(phone, calls, what):
    """Everything that came to this WIC since the last look: a branch of these
    calls to its own user, and nothing else."""
    while True:
        try:
            msg = phone.recv_sip(0.05)
        except WicTimeout:
            return
        if msg.is_response:
            scene.ok(msg.method == "REGISTER", f"no answer for others: {what}", msg.start)
            continue
        mine = [call for call in calls if call.call_id == msg.call_id]
        scene.ok(mine and mine[0].get("To").partition(";")[0] == f"<{phone.impu}>", f"a call to its own user: {what}", msg.start)
        scene.eq(msg.uri, phone.ua.contact.strip("<>"), f"Request-URI: {what}")


def at_once(phones, what):
    """Both users are called at once; each WIC must get one INVITE, its own."""
    calls = [caller.call(BOB), caller.call(EVE)]
    got = [(phone, scene.rings(phone, f"{phone.user}, {what}")) for phone in phones]
    for phone, invite in got:
        want = calls[0] if phone.impu == BOB else calls[1]
        scene.eq((invite.call_id, invite.get("To")), (want.call_id, f"<{phone.impu}>"), f"its own call: {phone.user}, {what}")
        scene.eq(invite.get("P-Called-Party-ID"), f"<{phone.impu}>", f"its own identity: {phone.user}, {what}")
    return calls, got


def end(calls, got, what):
    """The callers give up; each WIC gets the CANCEL of its own branch."""
    for invite in calls:
        scene.eq(caller.ask(caller.ua.cancel(invite)).status, 200, f"CANCEL, {what}")
    for phone, invite in got:
        scene.cancelled(phone, invite, f"{phone.user}, {what}")
    for invite in calls:
        scene.eq(caller.ends(invite).status, 487, f"INVITE, {what}")
    for phone, _ in got:
        own_messages(phone, calls, what)


scene.part("parallel, two users with two WICs each")
phones = [scene.wic(user) for user in ("range1-bob", "range1-eve", "range1-bob", "range1-eve")]
for i in range(ROUNDS):
    end(*at_once(phones, f"round {i}"), f"round {i}")
scene.leave(*phones)

scene.part("serial, two users; one's second WIC has the port of the other's dead one")
port = scene.own_port()
first_bob, first_eve, dead = scene.wic("range1-bob", "0.9"), scene.wic("range1-eve", "0.9"), scene.wic("range1-eve", "0.5", source_port=port)
dead.rst()
heir = scene.connected("range1-bob", source_port=port)
scene.eq(heir.link.local[1], port, "port of the dead WIC")
contact = f'{heir.ua.contact};+sip.instance="{heir.ua.instance}";reg-id=1;q=0.5'
scene.eq(heir.ask(heir.ua.register(contact=contact)).status, 200, "REGISTER on that port")
last_eve = scene.wic("range1-eve", "0.2")
for i in range(ROUNDS):
    calls, got = at_once((first_bob, first_eve), f"serial round {i}")
    scene.quiet((heir, last_eve), f"before their turn, round {i}", 0.02)
    for phone, invite in got:
        phone.reply(invite, 486)
        phone.expect("ACK")
    got = [(phone, scene.rings(phone, f"{phone.user}, second, serial round {i}")) for phone in (heir, last_eve)]
    for phone, invite in got:
        scene.eq(invite.get("To"), f"<{phone.impu}>", f"its own call: {phone.user}, second, serial round {i}")
    end(calls, got, f"serial round {i}")
    for phone in (first_bob, first_eve):
        own_messages(phone, (), f"serial round {i}")
scene.leave(first_bob, first_eve, heir, last_eve)

scene.part("a client on the port of one that died while it rang")
port = scene.own_port()
ringing, other = scene.wic("range1-bob", source_port=port), scene.wic("range1-bob")
invite = caller.call(BOB)
scene.rings(ringing, "who will die")
at_other = scene.rings(other, "who lives")
ringing.rst()
heir = scene.connected("range1-eve", source_port=port)
scene.eq(heir.register().status, 200, "REGISTER on the port of the dead one")
other.reply(at_other, 200)
answer = caller.final(invite)
scene.eq(answer.status, 200, "INVITE of which one WIC died")
dialog = caller.talk(answer)
other.expect("ACK")
scene.ok(heir.quiet(0.5), "nothing for the dead WIC reaches the new client")
bye = caller.ua.bye(dialog)
caller.send_sip(bye)
other.reply(other.expect("BYE"), 200)
caller.final(bye)
scene.leave(heir, other)
scene.done()
