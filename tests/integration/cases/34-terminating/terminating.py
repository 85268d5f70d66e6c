# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls and subscriptions of the core for WICs, and the other way round."""

import time

from dialogs import call, talk
from scene import Scene
from wic import Dialog

scene = Scene()
carol = scene.core_ua("carol")
TIMER = [("Supported", "timer"), ("Session-Expires", "1800;refresher=uac"), ("Min-SE", "120")]
GRANTED = [("Require", "timer"), ("Session-Expires", "1800;refresher=uac")]


def same(got, sent, names, what):
    """These headers came as they were sent."""
    for name in names:
        scene.eq(got.all(name), [value for key, value in sent if key == name], f"{name}: {what}")


def invites(callee, headers=()):
    """An INVITE of carol's."""
    return carol.call(carol.ua.invite(callee.impu, headers=headers))


scene.part("two flows of bob, one is lost before the call")
one, two = scene.phone("bob"), scene.phone("bob")
one.rst()
scene.comes(1, lambda: scene.stats()["connections"], "one flow is left")
gone = scene.counter("flow_gone")
invite = invites(two)
got = two.expect("INVITE")
scene.comes(gone + 1, lambda: scene.counter("flow_gone"), "branch that got 430")
talk(scene, carol, invite, two, got)

scene.part("two flows of alice, one is lost while both ring")
one, other = scene.phone("alice"), scene.phone("alice")
invite = invites(one)
for phone in (one, other):
    got = phone.expect("INVITE")
    phone.reply(got, 180)
one.fin()
scene.comes(2, lambda: scene.stats()["connections"], "alice's one and bob's one")
scene.quiet((other,), "who rings on")
talk(scene, carol, invite, other, got)

scene.part("no other flow: 430")
other.rst()
two.rst()
scene.comes(0, lambda: scene.stats()["connections"], "all flows are gone")
began = time.monotonic()
scene.eq(carol.final(invites(other)).status, 430, "INVITE for who has no flow left")
scene.ok(time.monotonic() - began < 5, "that comes at once")

scene.part("session timers, core to WIC")
wic = scene.phone("wic1")
invite = invites(wic, TIMER)
got = wic.expect("INVITE")
same(got, TIMER, ("Supported", "Session-Expires", "Min-SE"), "INVITE to the WIC")
wic.reply(got, 422, headers=[("Min-SE", "1900")])
refused = carol.final(invite)
scene.eq((refused.status, refused.all("Min-SE")), (422, ["1900"]), "session too short for the WIC")
invite = invites(wic, TIMER)
ok = wic.reply(got := wic.expect("INVITE"), 200, headers=GRANTED)
final = carol.final(invite)
same(final, GRANTED, ("Require", "Session-Expires"), "200 of the WIC")
mine, theirs = Dialog.of_caller(final), Dialog.of_callee(got, ok)
carol.send_in_dialog(carol.ua.ack(mine))
wic.expect("ACK")
refresh = carol.ua.in_dialog(mine, "UPDATE", TIMER)
carol.send_in_dialog(refresh)
got = wic.expect("UPDATE")
same(got, TIMER, ("Supported", "Session-Expires", "Min-SE"), "refresh of the core")
wic.reply(got, 200, headers=GRANTED)
same(carol.final(refresh), GRANTED, ("Require", "Session-Expires"), "its answer")

scene.part("session timers, WIC to core")
refresh = wic.ua.in_dialog(theirs, "UPDATE", TIMER)
wic.send_sip(refresh)
got = carol.expect("UPDATE")
same(got, TIMER, ("Supported", "Session-Expires", "Min-SE"), "refresh of the WIC")
carol.reply(got, 200, headers=GRANTED)
same(wic.final(refresh), GRANTED, ("Require", "Session-Expires"), "its answer")

scene.part("the core releases the session")
RELEASE = ("Reason", 'SIP;cause=580;text="Precondition Failure"')
bye = carol.ua.bye(mine, [RELEASE])
carol.send_in_dialog(bye)
got = wic.expect("BYE")
same(got, [RELEASE], ("Reason",), "BYE of the core")
wic.reply(got, 200)
scene.eq(carol.final(bye).status, 200, "BYE")

scene.part("a WIC that subscribed is lost")
EVENT = [("Event", "presence"), ("Expires", "600")]
for watcher, watched in ((wic, carol), (carol, wic)):
    subscribe = watcher.ua.request("SUBSCRIBE", watched.impu, headers=[("Contact", watcher.ua.contact), *EVENT],
                                   routes=watcher.ua.service_routes)
    watcher.call(subscribe)
    got = watched.expect("SUBSCRIBE")
    same(got, EVENT, ("Event", "Expires"), f"SUBSCRIBE of {watcher.user}")
    ok = watched.reply(got, 200, headers=[("Expires", "600")])
    watching = Dialog.of_caller(watcher.final(subscribe))
    notify = watched.ua.in_dialog(Dialog.of_callee(got, ok), "NOTIFY",
                                  [("Event", "presence"), ("Subscription-State", "active;expires=600")])
    watched.send_in_dialog(notify)
    watcher.reply(watcher.expect("NOTIFY"), 200)
    scene.eq(watched.final(notify).status, 200, f"NOTIFY for {watcher.user}")
    if watched is carol:
        watched_by_wic = Dialog.of_callee(got, ok)
call(wic, carol)
wic.rst()
carol.reply(carol.expect("BYE"), 200)  # of the call, and none of a subscription
scene.quiet((carol,), "subscriptions of who is lost")
watched_by_wic.cseq += 1
for dialog, method in ((watched_by_wic, "NOTIFY"), (watching, "SUBSCRIBE")):
    request = carol.ua.in_dialog(dialog, method, EVENT)
    began = time.monotonic()
    carol.send_in_dialog(request)
    scene.ok(carol.final(request).status in (430, 481), f"{method} for who is lost")
    scene.ok(time.monotonic() - began < 5, f"{method} fails at once")
scene.comes(0, lambda: scene.stats()["calls"], "dialogs at the end", 10)
scene.done()
