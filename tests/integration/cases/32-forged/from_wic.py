# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What WICs forge. alice calls carol (core) and bob (WIC); wic1 is the third."""

import copy
import json

from dialogs import call
from scene import Scene, Sink
from wic import WicTimeout, new_id

scene = Scene()
alice, bob, third = scene.phone("alice"), scene.phone("bob"), scene.phone("wic1")
carol = scene.core_ua("carol")
sink = Sink()
EVIL = f"127.0.0.1:{sink.port}"
OWN = f"127.0.0.1:{scene.mw[1]}"


def user(uri):
    """The user part of <sip:user@host>."""
    return uri.partition("sip:")[2].partition("@")[0]


def nothing_came(what, *others):
    """Neither at the sink nor at anybody."""
    scene.eq(sink.hits(), [], f"packets at the sink: {what}")
    scene.quiet((bob, carol, *others), what, 0.05)


def forged(dialog, what, want, sender=alice, method="INFO", **changes):
    """One request in that dialog, with changes to what the WIC knows of it."""
    other = copy.copy(dialog)
    for name, value in changes.items():
        setattr(other, name, value)
    request = sender.ua.in_dialog(other, method, [("Contact", sender.ua.contact)])
    scene.status(sender, request, want, f"{method}, {what}")


a_carol, carol_a = call(alice, carol)
a_bob, bob_a = call(alice, bob)
own, to_core = a_carol.routes[0], a_carol.routes[1:]
token = user(own)

scene.part("To-tags and From-tags")
stray = f"<sip:carol@ims.test>;tag={new_id()}"
forged(a_carol, "another To-tag", 481, remote=stray)
forged(a_carol, "another From-tag", 481, local=f"<{alice.impu}>;tag={new_id()}")
forged(a_carol, "both tags of another call", 481, local=a_bob.local, remote=a_bob.remote)
forged(a_carol, "no Route", 403, routes=[])
forged(a_carol, "another Call-ID", 403, call_id=new_id())
nothing_came("forged dialog ids")

scene.part("Routes and Request-URIs")
for what, more in (
        ("Route behind ours", [f"<sip:{EVIL};lr>"]), ("the same without lr", [f"<sip:{EVIL}>"]),
        ("TCP", [f"<sip:{EVIL};transport=tcp;lr>"]), ("outside", ["<sip:10.0.0.1:5060;lr>"]),
        ("before the core's", [f"<sip:{EVIL};lr>", *to_core]),
        ("the I-CSCF", [f"<sip:{scene.icscf[0]}:{scene.icscf[1]};lr>"]),
        ("maddr", [f"<sip:{scene.scscf[0]}:{scene.scscf[1]};maddr=127.0.0.1;lr>"]),
        ("alias", [f"<sip:{scene.scscf[0]};alias=127.0.0.1~{sink.port}~1;lr>"]),
        ("received", [f"<sip:{scene.scscf[0]};received=\"sip:{EVIL}\";lr>"]),
        ("ourselves and the sink", [own, f"<sip:{EVIL};lr>"]),
        ("sips", [f"<sips:{EVIL};lr>"]), ("no URI", ["<foo>"]), ("a tel URI", ["<tel:+15550003>"])):
    forged(a_carol, f"Route: {what}", 403, routes=[own, *more])
for what, routes in (
        ("the sink behind the core's", [own, *to_core, f"<sip:{EVIL};lr>"]),
        ("an empty one and the sink", [own, *to_core, "", f"<sip:{EVIL};lr>"]),
        ("the core's without its last", [own, *to_core[:-1]]), ("the core's twice", [own, *to_core, *to_core])):
    forged(a_carol, f"Route: {what}", 403, routes=routes)
for what, target in (
        ("the sink", f"sip:x@{EVIL}"), ("the sink, TCP", f"sip:x@{EVIL};transport=tcp"),
        ("outside", "sip:x@10.0.0.1"), ("alias", f"sip:x@y.invalid;alias=127.0.0.1~{sink.port}~1"),
        ("alias of ours", f"sip:{token}@{OWN};alias=127.0.0.1~{sink.port}~1"),
        ("the I-CSCF", f"sip:{scene.icscf[0]}:{scene.icscf[1]}"), ("bob's WIC", a_bob.target),
        ("maddr", f"sip:{scene.scscf[0]}:{scene.scscf[1]};maddr=127.0.0.1"),
        ("ourselves", f"sip:{OWN}"), ("our token", f"sip:{token}@{OWN};lr")):
    forged(a_carol, f"Request-URI without the core's Routes: {what}", 403, target=target, routes=[own])
    forged(a_carol, f"Request-URI along the core's Routes: {what}", 403, target=target)
for target in (bob.impu, carol.impu, "sip:+900123456@ims.test;user=phone", "tel:+900123456", "urn:service:sos",
               a_carol.target + ";method=BYE"):
    for method in ("INFO", "INVITE", "REFER", "MESSAGE"):
        forged(a_carol, f"Request-URI along the core's Routes: {target}", 403, method=method, target=target)
nothing_came("forged routes")
scene.part("flow tokens")
path = user(scene.core("registered", alice.impu).split()[-1])
scene.eq(len(path), 32, "length of the Path token")
for what, fake in (("Path token", path), ("token of another call", user(a_bob.routes[0])),
                   ("no token", ""), ("half", token[:16]), ("twice", token * 2),
                   ("bob's token of that call", user(bob_a.routes[0])),
                   ("padded", token + "="), ("escaped", "%45" + token[1:])):
    uri = f"<sip:{fake}@{OWN};lr>" if fake else f"<sip:{OWN};lr>"
    forged(a_carol, f"Record-Route: {what}", 403, routes=[uri, *to_core])
for at in range(32):
    fake = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1:]
    forged(a_carol, f"character {at} changed", 403, routes=[f"<sip:{fake}@{OWN};lr>", *to_core])
nothing_came("forged tokens")

scene.part("somebody who is no party but knows everything")
for name, dialog in (("alice to carol", a_carol), ("carol to alice", carol_a), ("alice to bob", a_bob),
                     ("bob to alice", bob_a)):
    for method in ("BYE", "INFO", "INVITE", "UPDATE", "REFER", "MESSAGE"):
        forged(dialog, name, 403, third, method)
    third.send_sip(third.ua.ack(dialog))
for method in ("BYE", "INFO", "INVITE"):
    forged(a_carol, "bob, party of another call", 403, bob, method)
    forged(a_carol, "with a token of bob's own", 403, bob, method, routes=[bob_a.routes[0], *to_core])
nothing_came("requests of no party", alice)
scene.eq(scene.stats()["calls"], 3, "calls: all go on")

scene.part("CANCEL of another's call")
invite = alice.ua.invite(carol.impu)
alice.send_sip(invite)
got = carol.expect("INVITE")
carol.reply(got, 180)
alice.wait_for(lambda msg: msg.status == 180)
cancel = alice.ua.cancel(invite)
answer = third.ask(cancel)
scene.ok(answer.status in (403, 481), "CANCEL of a third one is refused", answer.start)
third.send_sip(alice.ua.ack_failure(invite, answer))
nothing_came("CANCEL of a third one", alice)
scene.status(alice, alice.ua.cancel(alice.ua.invite(carol.impu)), 481, "CANCEL of nothing")
scene.status(alice, cancel, 200, "CANCEL of the caller")
carol.reply(carol.expect("CANCEL"), 200)
carol.reply(got, 487)
alice.send_sip(alice.ua.ack_failure(invite, alice.final(invite)))
carol.expect("ACK")

scene.part("pre-loaded Routes")
for what, routes in (
        ("the sink", [f"<sip:{EVIL};lr>"]), ("behind the Service-Route", [*alice.ua.service_routes, f"<sip:{EVIL};lr>"]),
        ("ourselves first", [f"<sip:{OWN};lr>", f"<sip:{EVIL};lr>"]),
        ("bob's Path", [f"<sip:{user(scene.core('registered', bob.impu).split()[-1])}@{OWN};lr>"]),
        ("our token of a call", [own, *to_core]), ("garbage", ["<<>>,;lr"]), ("empty", [""])):
    request = alice.ua.message(carol.impu, "hi")
    request.remove("Route")
    for route in routes:
        request.add("Route", route)
    alice.send_sip(request)
    try:
        got = carol.expect("MESSAGE", 1)
        scene.eq(len(got.all("Via")), 5, f"Via: through the core, Route: {what}")
        carol.reply(got, 200)
        scene.eq(alice.final(request).status, 200, f"Route: {what}")
    except WicTimeout:
        answer = alice.final(request, 0.5)
        scene.ok(400 <= answer.status < 500, f"refused or replaced, Route: {what}", answer.start)
    nothing_came(f"pre-loaded Route: {what}", third)

scene.part("Max-Forwards")
for value, want in ((0, 483), ("-1", 400), ("256x", 400), ("", 400), ("4294967296", 400)):
    before = scene.seen("MESSAGE")
    request = alice.ua.message(carol.impu, "hi").set("Max-Forwards", value)
    alice.send_sip(request)
    answer = alice.final(request)
    scene.ok(want <= answer.status < 500, f"Max-Forwards: {value}", answer.start)
    scene.eq(scene.seen("MESSAGE"), before, f"MESSAGE in the core with Max-Forwards: {value}")
for value in (255, 70, 10, None):
    request = alice.ua.message(carol.impu, "hi").remove("Max-Forwards")
    if value:
        request.add("Max-Forwards", value)
    alice.send_sip(request)
    got = carol.expect("MESSAGE")
    carol.reply(got, 200)
    left = int(got.get("Max-Forwards"))
    scene.ok(0 < left < min(value or 70, 71), f"hops left of {value}", left)

scene.part("with the core's Routes and the remote target it goes to the core")
scene.eq(scene.seen("INFO"), 0, "INFO in the core so far")
request = alice.ua.in_dialog(a_carol, "INFO")
alice.send_sip(request)
carol.reply(carol.expect("INFO"), 200)
scene.eq(alice.final(request).status, 200, "INFO")

scene.part("the calls are as they were")
for party, peer, dialog in ((alice, carol, a_carol), (alice, bob, a_bob)):
    bye = party.ua.bye(dialog)
    party.send_sip(bye)
    peer.reply(peer.expect("BYE"), 200)
    scene.eq(party.final(bye).status, 200, f"BYE to {peer.user}")

# For restart.py: what a WIC could have kept.
keep, _ = call(alice, carol)
with open(f"{scene.run}/before", "w", encoding="ascii") as out:
    json.dump({"routes": keep.routes, "local": keep.local, "remote": keep.remote, "target": keep.target,
               "call_id": keep.call_id, "path": path, "contact": scene.core("registered", alice.impu).split()[0]}, out)
scene.done()
