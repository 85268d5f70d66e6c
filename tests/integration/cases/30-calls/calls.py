# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls and messages, WIC to WIC and WIC to core, both directions."""

from scene import Scene
from wic import Dialog

scene = Scene()
alice = scene.phone("alice")
bob = scene.phone("bob")
carol = scene.core_ua("carol")
TRUSTED = ("P-Charging-Vector", "P-Charging-Function-Addresses", "P-Visited-Network-ID",
           "P-Served-User", "P-Profile-Key", "P-Access-Network-Info", "Path")


def no_token(*messages):
    """None of them carries an Authorization or anything like a JWT."""
    for msg in messages:
        raw = msg.to_bytes()
        scene.ok(b"eyJ" not in raw and b"uthorization" not in raw, f"no token in {msg.start}", raw)


# who answers, by his own account: a core is believed, a WIC is not
CEO = [("P-Asserted-Identity", "<sip:ceo@ims.test>")]


def for_wic(msg, called):
    """What every request must look like that reaches a WIC."""
    scene.eq(msg.values("P-Called-Party-ID"), [f"<{called}>"], f"P-Called-Party-ID of {msg.method}")
    for name in TRUSTED:
        scene.eq(msg.all(name), [], f"{name} of {msg.method} towards a WIC")
    scene.eq(msg.all("Route"), [], f"Route of {msg.method} towards a WIC")
    no_token(msg)


def own_record_route(msg, index=-1):
    """Our entry has a flow token; the first hop of a caller is the last one."""
    uri = msg.values("Record-Route")[index]
    user = uri.partition("sip:")[2].partition("@")[0]
    scene.ok(len(user) == 32 and f"@{scene.mw[0]}:{scene.mw[1]};lr>" in uri,
             "Record-Route has a flow token of 32 characters and our address", uri)


def set_up(caller, callee, **more):
    """INVITE, 180, 200, ACK. Both dialogs, and the INVITE as it arrived."""
    invite = caller.call(caller.ua.invite(callee.impu, **more))
    got = callee.expect("INVITE")
    callee.reply(got, 180, headers=CEO)
    rings = caller.wait_for(lambda m: m.status == 180)
    scene.eq(rings.call_id, invite.call_id, "180 reaches the caller")
    ok = callee.reply(got, 200, headers=CEO)
    final = caller.final(invite)
    for answer in (rings, final):
        scene.eq(answer.values("P-Asserted-Identity"), [f"<{'sip:ceo@ims.test' if callee is carol else callee.impu}>"],
                 f"who answers, as {caller.user} is shown")
    scene.eq(final.status, 200, f"INVITE {caller.user} to {callee.user}")
    scene.eq(final.body, ok.body, "SDP of the answer")
    for name in TRUSTED if hasattr(caller, "bearer") else ():
        scene.eq(final.all(name), [], f"{name} of the 200 to {caller.user}")
    return Dialog.of_caller(final), Dialog.of_callee(got, ok), got


def through(party, peer, request, code, what):
    """A request inside a dialog reaches the other party, its answer returns."""
    party.send_in_dialog(request)
    got = peer.expect(request.method)
    scene.eq(got.body, request.body, f"body of {what}")
    no_token(got)
    answer = peer.reply(got, code)
    final = party.final(request)
    scene.eq(final.status, code, what)
    return got, answer, final


def extra(party):
    """JsSIP's header on a WIC's requests, nothing on the core's."""
    return [party.bearer] if hasattr(party, "bearer") else []


def life(caller, callee, mine, theirs):
    """ACK, re-INVITE and INFO both ways, BYE of the callee."""
    ack = caller.ua.ack(mine, headers=extra(caller))
    caller.send_in_dialog(ack)
    no_token(callee.expect("ACK"))
    for party, peer, dialog in ((caller, callee, mine), (callee, caller, theirs)):
        sdp = [("Contact", party.ua.contact), ("Content-Type", "application/sdp"), *extra(party)]
        again = party.ua.in_dialog(dialog, "INVITE", sdp, b"v=0\r\no=- 2 2 IN IP4 192.0.2.1\r\n")
        through(party, peer, again, 200, f"re-INVITE of {party.user}")
        party.send_in_dialog(party.ua.ack(dialog, headers=extra(party)))
        no_token(peer.expect("ACK"))
        info = party.ua.in_dialog(dialog, "INFO", [("Content-Type", "text/plain"), *extra(party)], b"1")
        through(party, peer, info, 200, f"INFO of {party.user}")
    through(callee, caller, callee.ua.bye(theirs, extra(callee)), 200, f"BYE of {callee.user}")


def none_left(what):
    """The flow table forgets the call."""
    scene.comes(0, lambda: scene.stats()["calls"], f"calls after {what}", 10)


scene.part("WIC to WIC")
a, b, got = set_up(alice, bob, headers=[alice.bearer])
for_wic(got, bob.impu)
scene.eq(got.values("P-Asserted-Identity"), [f"<{alice.impu}>"], "the caller that bob is shown")
own_record_route(got)
own_record_route(got, 0)
scene.ok(got.values("Record-Route")[0] != got.values("Record-Route")[-1],
         "the tokens of both WICs of one call differ")
scene.eq(scene.stats()["calls"], 2, "calls: one for each of the two WICs")
life(alice, bob, a, b)
none_left("a call between WICs")

scene.part("WIC to core")
a, c, got = set_up(alice, carol, headers=[
    alice.bearer, ("P-Asserted-Identity", "<sip:bob@ims.test>"),
    ("P-Charging-Vector", "icid-value=mine")])
scene.eq(got.values("P-Asserted-Identity"), [f"<{alice.impu}>"], "identity that leaves the core")
vector = got.all("P-Charging-Vector")
scene.ok(len(vector) == 1 and vector[0].startswith("icid-value=") and "mine" not in vector[0]
         and vector[0].endswith("orig-ioi=ims.test"), "P-Charging-Vector is ours", vector)
no_token(got)
own_record_route(got)
scene.eq(scene.stats()["calls"], 1, "calls of one WIC")
life(alice, carol, a, c)
none_left("a call to the core")

scene.part("core to WIC")
c, a, got = set_up(carol, alice)
for_wic(got, alice.impu)
scene.eq(got.values("P-Asserted-Identity"), [f"<{carol.impu}>"], "the caller that alice is shown")
own_record_route(got, 0)
scene.eq(got.uri, alice.ua.contact.strip("<>"), "Request-URI is the WIC's own Contact")
life(carol, alice, c, a)
none_left("a call from the core")

scene.part("the caller hangs up")
a, b, got = set_up(alice, bob)
through(alice, bob, alice.ua.bye(a, [alice.bearer]), 200, "BYE of the caller")
none_left("BYE of the caller")
scene.status(bob, bob.ua.bye(b), 481, "BYE after BYE")

scene.part("CANCEL")
for caller, callee in ((alice, bob), (alice, carol), (carol, alice)):
    invite = caller.call(caller.ua.invite(callee.impu))
    got = callee.expect("INVITE")
    callee.reply(got, 180)
    caller.wait_for(lambda m: m.status == 180)
    cancel = caller.send_hop(caller.ua.cancel(invite))
    scene.eq(caller.final(cancel).status, 200, f"CANCEL of {caller.user}")
    ended = callee.expect("CANCEL")
    callee.reply(ended, 200)
    callee.reply(got, 487)
    final = caller.final(invite)
    scene.eq(final.status, 487, f"INVITE of {caller.user} that was cancelled")
    caller.send_hop(caller.ua.ack_failure(invite, final))
    scene.eq(callee.expect("ACK").call_id, invite.call_id, "ACK of 487")

scene.part("486")
for caller, callee in ((alice, bob), (alice, carol), (carol, alice)):
    invite = caller.call(caller.ua.invite(callee.impu))
    callee.reply(callee.expect("INVITE"), 486)
    final = caller.final(invite)
    scene.eq(final.status, 486, f"{callee.user} is busy for {caller.user}")
    caller.send_hop(caller.ua.ack_failure(invite, final))
    callee.expect("ACK")

scene.part("P-Preferred-Identity")
for wish, want in (("<tel:+15550001>", "<tel:+15550001>"), ("<tel:+15550002>", f"<{alice.impu}>"),
                   ("<sip:bob@ims.test>", f"<{alice.impu}>"), ("\"A\" <sip:ALICE@ims.test>", f"<{alice.impu}>"),
                   ("nonsense", f"<{alice.impu}>"), ("<sip:alice@ims.test>", f"<{alice.impu}>")):
    alice.send_sip(alice.ua.message(carol.impu, "hi", [("P-Preferred-Identity", wish), alice.bearer]))
    got = carol.expect("MESSAGE")
    carol.reply(got, 200)
    scene.eq(got.values("P-Asserted-Identity"), [want], f"asserted for P-Preferred-Identity: {wish}")
    scene.eq(got.all("P-Preferred-Identity"), [], "P-Preferred-Identity ends here")
    no_token(got)
alice.wait_for(lambda m: m.status == 200)

scene.part("MESSAGE and OPTIONS, every way")
for method in ("MESSAGE", "OPTIONS"):
    for caller, callee in ((alice, bob), (alice, carol), (carol, alice)):
        more = [("Content-Type", "text/plain"), *extra(caller)]
        request = caller.ua.request(method, callee.impu, headers=more, body=b"hello",
                                    routes=caller.ua.service_routes)
        caller.call(request)
        got = callee.expect(method)
        scene.eq(got.body, b"hello", f"body of {method} to {callee.user}")
        no_token(got)
        callee.reply(got, 200)
        scene.eq(caller.final(request).status, 200, f"{method} {caller.user} to {callee.user}")
        if callee is not carol:
            for_wic(got, callee.impu)

scene.part("Privacy: id")
for value, shown in (("id", 0), ("header;id", 0), ("id;critical", 0), ("none", 1), ("idx", 1)):
    request = carol.ua.message(alice.impu, "hi", [("Privacy", value)])
    carol.call(request)
    got = alice.expect("MESSAGE")
    alice.reply(got, 200)
    scene.eq(len(got.all("P-Asserted-Identity")), shown, f"identities shown with Privacy: {value}")
    a_to_b = alice.ua.message(bob.impu, "hi", [("Privacy", value)])
    alice.send_sip(a_to_b)
    got = bob.expect("MESSAGE")
    bob.reply(got, 200)
    scene.eq(len(got.all("P-Asserted-Identity")), shown, f"the same between WICs, {value}")

scene.part("a Route of the WIC's own is replaced by the Service-Route")
request = alice.ua.message(carol.impu, "hi")
request.set("Route", f"<sip:{carol.addr[0]}:{carol.addr[1]};lr>")
alice.send_sip(request)
got = carol.expect("MESSAGE")
scene.eq(len(got.all("Via")), 5, "Via: it came through S-CSCF, I-CSCF, S-CSCF, eP-CSCF and from the WIC")
carol.reply(got, 200)
scene.eq(alice.final(request).status, 200, "MESSAGE with a Route of its own")
# A call that was never answered goes with its transactions.
none_left("calls that were refused and cancelled")
scene.eq(scene.core("leaks"), "0", "tokens that the core saw")
scene.quiet((alice, bob, carol), "at the end")
scene.done()
