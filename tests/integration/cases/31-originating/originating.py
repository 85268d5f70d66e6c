# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Duties around a call, asked of the called party."""

import re

import dialogs
from scene import Scene
from wic import Dialog

scene = Scene()
alice, carol = scene.phone("alice"), scene.core_ua("carol")
VECTOR, ACCESS = "P-Charging-Vector", "P-Access-Network-Info"
SDP = [("Content-Type", "application/sdp")]


def through(party, peer, request, how=None, code=200, headers=()):
    """The request as it arrived, and the final answer as it did."""
    (how or party.send_in_dialog)(request)
    got = peer.expect(request.method)
    peer.reply(got, code, headers=headers)
    final = party.final(request)
    scene.eq(final.status, code, f"{request.method} of {party.user}")
    return got, final


def icid(msg, ioi="net.ims.test"):
    """Of a request that we charge."""
    seen = msg.all(VECTOR)
    good = len(seen) == 1 and re.fullmatch(rf"icid-value=([0-9a-f]{{32}});orig-ioi={re.escape(ioi)}", seen[0])
    scene.ok(good, f"{VECTOR} of {msg.method}", seen)
    return good[1] if good else None


def provided(msg, own=()):
    """Access network: ours, and what the WIC may say."""
    scene.eq(sorted(msg.all(ACCESS)), sorted(["IEEE-802.11;network-provided", *own]), f"{ACCESS} of {msg.method}")


def set_up(caller, callee, headers=(), answer=()):
    """The same with these headers, on the way there and back."""
    return dialogs.set_up(caller, callee, caller.ua.invite(callee.impu, headers=headers), headers=answer)


scene.part("a call of a WIC: charging and access network")
mine, theirs, got, final = set_up(
    alice, carol, [(VECTOR, "icid-value=forged"), (ACCESS, "3GPP-E-UTRAN-FDD;np"), (ACCESS, "IEEE-802.11ac"),
                   ("P-Early-Media", "supported")],
    [(VECTOR, "icid-value=a;orig-ioi=b;term-ioi=home"), (ACCESS, "GSTN;np"), ("P-Early-Media", "sendrecv")])
first = icid(got)
provided(got, ["IEEE-802.11ac"])
scene.eq(got.all("P-Early-Media"), ["supported"], "P-Early-Media into the core")
scene.eq(final.all("P-Early-Media"), ["sendrecv"], "P-Early-Media to the WIC")
for name in (VECTOR, ACCESS):
    scene.eq(final.all(name), [], f"{name} of the 200 towards the WIC")
for method in ("INFO", "UPDATE", "BYE"):
    more = [("Contact", alice.ua.contact)] if method == "UPDATE" else []
    got, _ = through(alice, carol, alice.ua.in_dialog(mine, method, [*more, (VECTOR, "icid-value=forged")]))
    scene.eq(icid(got), first, f"icid of {method} is that of the dialog")
    provided(got)
_, _, got, _ = set_up(alice, carol)
scene.ok(icid(got) != first, "the next call has an icid of its own")

scene.part("a call of the core: its icid, our term-ioi")
mine, theirs, got, final = set_up(carol, alice, answer=[(VECTOR, "icid-value=forged"), ("P-Early-Media", "inactive")])
scene.eq(got.all(VECTOR), [], f"{VECTOR} towards the WIC")
scene.eq(final.all(VECTOR), ["icid-value=core-side-0001;term-ioi=net.ims.test"], f"{VECTOR} of the WIC's 200")
provided(final)
scene.eq(final.all("P-Early-Media"), ["inactive"], "P-Early-Media of the WIC's answer")
_, answer = through(carol, alice, carol.ua.in_dialog(mine, "INFO", [(VECTOR, "icid-value=again")]))
scene.eq(answer.all(VECTOR), ["icid-value=again;term-ioi=net.ims.test"], f"{VECTOR} of the WIC's answer to INFO")
got, _ = through(alice, carol, alice.ua.bye(theirs))
scene.eq(got.all(VECTOR), ["icid-value=core-side-0001"], f"{VECTOR} of the WIC's BYE")

scene.part("identity")
for headers, want in (([("P-Preferred-Identity", "<sip:boss@ims.test>, <tel:+15550001>")], "<tel:+15550001>"),
                      ([("P-Preferred-Identity", "<tel:+15550009>"), ("P-Preferred-Identity", "<tel:+15550001>")],
                       "<tel:+15550001>"),
                      ([("P-Preferred-Identity", "<sip:a@x.test>, <sip:b@x.test>, <tel:+15550001>")],
                       f"<{alice.impu}>"), ([("Privacy", "id")], f"<{alice.impu}>")):
    request = alice.ua.request("MESSAGE", carol.impu, headers=headers, routes=alice.ua.service_routes,
                               from_="\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=a1")
    got, _ = through(alice, carol, request)
    scene.eq(got.values("P-Asserted-Identity"), [want], f"asserted, {headers}")
    scene.ok("sip:anonymous@anonymous.invalid" in got.get("From"), "From is the WIC's", got.get("From"))
    scene.eq(got.all("Privacy"), [v for n, v in headers if n == "Privacy"], "Privacy goes on")

scene.part("headers, bodies, Max-Forwards")
body = bytes(range(256)) * 4
request = alice.ua.request("MESSAGE", carol.impu, routes=alice.ua.service_routes, body=body, headers=[
    ("Content-Type", "application/octet-stream"), ("User-to-User", "56a1;encoding=hex"), ("X-Shop", "1"),
    ("Subject", "kept"), ("Made-Up", "1"), ("P-Made-Up", "1")])
got, _ = through(alice, carol, request)
scene.eq(got.body, body, "the body, byte for byte")
for name, seen in (("User-to-User", 1), ("X-Shop", 1), ("Subject", 1), ("Made-Up", 0), ("P-Made-Up", 0)):
    scene.eq(len(got.all(name)), seen, f"{name} at the called party")
scene.ok(int(got.get("Max-Forwards")) < 70, "Max-Forwards counts down", got.get("Max-Forwards"))
before = scene.seen("MESSAGE")
request = alice.ua.message(carol.impu, "hi")
request.set("Max-Forwards", "0")
scene.status(alice, request, 483, "Max-Forwards: 0")
scene.eq(scene.seen("MESSAGE"), before, "MESSAGEs that the core saw with Max-Forwards: 0")

scene.part("methods outside a dialog")
for method in ("OPTIONS", "PUBLISH"):
    request = alice.ua.request(method, carol.impu, routes=alice.ua.service_routes,
                               headers=[("Event", "presence")] if method == "PUBLISH" else [])
    got, _ = through(alice, carol, request)
    icid(got)

scene.part("REFER and SUBSCRIBE open a dialog: NOTIFYs arrive, the last one ends it")
scene.comes(1, lambda: scene.stats()["calls"], "calls before: one is still up", 10)
for method, more, code in (("REFER", [("Refer-To", "<sip:bob@ims.test>")], 202),
                           ("SUBSCRIBE", [("Event", "dialog"), ("Expires", "60")], 200)):
    for party, peer in ((alice, carol), (carol, alice)):
        request = party.ua.request(method, peer.impu, headers=[("Contact", party.ua.contact), *more],
                                   routes=party.ua.service_routes)
        party.call(request)
        got = peer.expect(method)
        ok = peer.reply(got, code, headers=[("Expires", "60"), ("Contact", peer.ua.contact)])
        scene.eq(party.final(request).status, code, f"{method} of {party.user}")
        notifier = Dialog.of_callee(got, ok)
        for state in ("active;expires=60", "terminated;reason=noresource"):
            notify = peer.ua.in_dialog(notifier, "NOTIFY", [
                ("Contact", peer.ua.contact), ("Event", "refer"), ("Subscription-State", state)])
            through(peer, party, notify)
        peer.send_in_dialog(peer.ua.in_dialog(notifier, "NOTIFY", [("Event", "refer"), ("Subscription-State", "active")]))
        late = peer.wait_for(lambda msg: msg.is_response and msg.method == "NOTIFY" and msg.status >= 300)
        scene.eq(late.status, 481, f"a NOTIFY after the last one of {peer.user}")
scene.comes(1, lambda: scene.stats()["calls"], "calls after the last NOTIFYs", 10)
scene.eq(scene.core("leaks"), "0", "tokens that the core saw")
scene.quiet((alice, carol), "at the end")
scene.done()
