# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""NOTIFYs about one WIC after the other; see README.md."""

from flows import Flows
from scscf import Scscf
from wic import Dialog, address_uri, response

scene = Flows()
core = Scscf(scene)


def registered(user, wic=None):
    """(WIC, its name in the core, the subscription to it)"""
    wic = wic or scene.connected(user)
    done = core.accepts(wic, ("Service-Route", core.route), ("P-Associated-URI", f"<{wic.impu}>"))
    scene.eq(done.answer.status, 200, f"REGISTER of {user}")
    return wic, address_uri(done.got.get("Contact"))


def says(notifier, *contacts, code=200, **more):
    """The core says it, and gets that answer."""
    scene.eq(notifier.notify(*contacts, **more).status, code, f"NOTIFY {contacts} {more}")


def left_alone(wic, what):
    """It is registered, and open."""
    scene.ok(wic.quiet(0.2), f"nothing for {wic.user}: {what}")
    scene.eq([row["connection"] > 0 for row in scene.bindings(wic.user)], [True], f"binding of {wic.user}: {what}")


scene.part("ended, in each way")
for number, (event, more, code, text) in enumerate((
        ("rejected", "", 4403, "registration_ended"), ("unregistered", "", 4403, "registration_ended"),
        ("expired", "", 4403, "registration_ended"), ("deactivated", "", 4503, "registration_deactivated"),
        ("probation", 'retry-after="30"', 4503, "registration_probation retry-after=30"),
        ("probation", "", 4503, "registration_probation"))):
    alice, name = registered(f"wic{number}")
    told = core.subscribed(alice.impu)
    says(told, (name, "active", "registered", ""))
    left_alone(alice, "while it is registered")
    says(told, (name, "terminated", event, more), state="terminated", substate="terminated;reason=noresource")
    scene.closes(alice, code, text=text)
    scene.eq(scene.bindings(alice.user), [], f"bindings after {event}")
    scene.comes([], lambda: scene.rows("webrtc_ims.subscriptions"), "subscriptions")
scene.ok(core.quiet(0.2), "the core gets nothing more")

scene.part("who was deactivated comes back, under another name")
dave, old = registered("dave")
told = core.subscribed(dave.impu)
says(told, (old, "terminated", "deactivated", ""), state="terminated")
scene.closes(dave, 4503, text="registration_deactivated")
core.answer(core.expect("SUBSCRIBE"), 200)
dave, name = registered("dave")
scene.ok(name != old, "its name in the core", name)
told = core.subscribed(dave.impu)
says(told, (old, "terminated", "deactivated", ""))
left_alone(dave, "the news were of its old name")

scene.part("a call ends with it")
bob, name = registered("bob")
told = core.subscribed(bob.impu)
invite = bob.ua.invite("sip:carol@ims.test")
got = core.asked(bob, invite)
ok = response(got, 200, headers=[("Contact", core.ua.contact)])
core.send_sip(ok)
bob.send_sip(bob.ua.ack(Dialog.of_caller(bob.final(invite))))
core.expect("ACK")
says(told, (name, "terminated", "rejected", ""), state="terminated")
core.answer(core.expect("BYE"), 200)
scene.closes(bob, 4403, text="registration_ended")

scene.part("shortened: the WIC is made to register again, and has the same name then")
carol, name = registered("carol")
told = core.subscribed(carol.impu)
says(told, (name, "active", "shortened", 'expires="6"'))
scene.ok(scene.bindings("carol")[0]["expires"] <= 6, "time that is left", scene.bindings("carol"))
back = scene.connected("carol")
back.ua.instance = carol.ua.instance
scene.closes(carol, 4401, text="registration_shortened")
carol.drop()
scene.eq(registered("carol", back)[1], name, "name in the core")
left_alone(back, "after it came back")

scene.part("shortened, and refreshed in time")
says(told, (name, "active", "shortened", 'expires="6"'))
registered("carol", back)
scene.ok(back.quiet(3.5), "no Close for who registered in time")
left_alone(back, "after it registered")

scene.part("news that are none")
says(told, ("sip:0123456789abcdef01234567@127.0.0.1", "terminated", "rejected", ""))
says(told, (f"{name}x", "terminated", "rejected", ""))
says(told, (name, "terminated", "rejected", ""), code=481, tag="forged")
says(told, (name, "terminated", "rejected", ""), version=0)
left_alone(back, "after news of others")
scene.eq(scene.counter("network_ends"), 8, "registrations that the network ended")
scene.eq(scene.counter("network_shortens"), 2, "registrations that it shortened")
scene.done()
