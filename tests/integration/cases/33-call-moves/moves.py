# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A WIC in a call whose network changes."""

from dialogs import call
from scene import Scene, until

scene = Scene()
bob, carol = scene.phone("bob"), scene.core_ua("carol")
number = iter(range(1, 100))


def back(old, instance=None):
    """The same device over another connection, with a fresh token, registered."""
    wic = scene.connected(old.user)
    wic.ua.instance = instance or old.ua.instance
    scene.eq(wic.register().status, 200, f"REGISTER of {old.user} over another connection")
    return wic


def lost(wic):
    """Its connection is gone, and the eP-CSCF knows."""
    before = scene.stats()["connections"]
    wic.rst()
    scene.comes(before - 1, lambda: scene.stats()["connections"], "connections after RST")


def through(party, peer, dialog, method, what):
    """A request inside the dialog reaches the other party, its answer returns."""
    more = [("Contact", party.ua.contact)] if method in ("INVITE", "UPDATE") else []
    request = party.ua.in_dialog(dialog, method, more)
    party.send_in_dialog(request)
    peer.reply(peer.expect(method), 200)
    scene.eq(party.final(request).status, 200, f"{method} of {party.user}, {what}")
    if method == "INVITE":
        party.send_in_dialog(party.ua.ack(dialog))
        peer.expect("ACK")


def goes_on(wic, peer, mine, theirs, what):
    """Every kind of request, both ways, over the new connection."""
    for method in ("UPDATE", "INFO", "INVITE"):
        through(wic, peer, mine, method, what)
        through(peer, wic, theirs, method, what)


def no_bye(what):
    """Nobody was sent a BYE by us."""
    scene.eq(scene.counter("bye_sent"), 0, f"BYEs of ours after {what}")


for noticed in (True, False):
    for peer in (carol, bob):
        what = f"{'after the loss' if noticed else 'before anybody noticed it'}, with {peer.user}"
        scene.part(what)
        for wic_calls in (True, False):
            old = scene.phone(f"wic{next(number)}")
            mine, theirs = call(old, peer) if wic_calls else reversed(call(peer, old))
            if noticed:
                lost(old)
            new = back(old)
            goes_on(new, peer, mine, theirs, what)
            if not noticed:
                lost(old)
                through(peer, new, theirs, "INFO", f"{what}, the old connection is gone")
            if wic_calls:
                through(new, peer, mine, "BYE", what)
            else:
                through(peer, new, theirs, "BYE", what)
            scene.status(new, new.ua.in_dialog(mine, "INFO"), 403, "INFO after BYE")
            new.drop()
        no_bye(what)

scene.part("a new call over the new connection is a call as any other")
old = scene.phone("wic20")
mine, theirs = call(old, carol)
lost(old)
new = back(old)
mine2, theirs2 = call(new, carol)
through(carol, new, theirs2, "BYE", "the new call")
through(new, carol, mine, "BYE", "the old call")
no_bye("a call of each connection")

scene.part("the old connection, which still lives, has no part in the call any more")
old = scene.phone("wic21")
mine, theirs = call(old, carol)
new = back(old)
scene.status(old, old.ua.in_dialog(mine, "INFO"), 403, "INFO over the old connection")
scene.status(old, old.ua.bye(mine), 403, "BYE over the old connection")
through(new, carol, mine, "BYE", "over the new one")
no_bye("the old connection")

scene.part("another device of the user, and another user, have no part in it")
old = scene.phone("wic22")
mine, theirs = call(old, carol)
lost(old)
other = back(old, "<urn:uuid:00000000-0000-4000-8000-000000000001>")
stranger = scene.phone("wic23")
for wic in (other, stranger):
    scene.status(wic, wic.ua.bye(mine), 403, f"BYE of {wic.user} from another device")
scene.quiet((carol,), "BYE of a stranger", 0.2)
new = back(old)
through(carol, new, theirs, "INFO", "after strangers tried")
through(new, carol, mine, "BYE", "after strangers tried")
no_bye("strangers")
scene.comes(0, lambda: scene.stats()["calls"], "calls that are left", 10)

scene.part("a subscription follows too")
old = scene.phone("wic24")
subscribe = old.ua.request("SUBSCRIBE", carol.impu, routes=old.ua.service_routes, headers=[
    ("Contact", old.ua.contact), ("Event", "dialog"), ("Expires", "60")])
old.send_sip(subscribe)
got = carol.expect("SUBSCRIBE")
ok = carol.reply(got, 200, headers=[("Expires", "60")])
scene.eq(old.final(subscribe).status, 200, "SUBSCRIBE")
notifier = type(mine).of_callee(got, ok)
lost(old)
new = back(old)
notify = carol.ua.in_dialog(notifier, "NOTIFY", [("Event", "dialog"), ("Contact", carol.ua.contact),
                                                 ("Subscription-State", "terminated;reason=timeout")])
carol.send_in_dialog(notify)
new.reply(new.expect("NOTIFY"), 200)
scene.eq(carol.final(notify).status, 200, "NOTIFY over the new connection")

scene.part("too late: one BYE, and the call is over")
old = scene.phone("wic25")
mine, theirs = call(old, carol)
lost(old)
bye = carol.expect("BYE", 6)
carol.reply(bye, 200)
new = back(old)
scene.status(new, new.ua.in_dialog(mine, "INFO"), 403, "INFO after the grace")
scene.eq(scene.counter("bye_sent"), 1, "BYEs of ours at the end")
until(1, lambda: scene.stats()["calls"] == 0)
scene.eq(scene.core("leaks"), "0", "tokens that the core saw")
scene.quiet((bob, carol), "at the end")
scene.done()
