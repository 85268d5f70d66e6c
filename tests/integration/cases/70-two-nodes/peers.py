# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that come to the wrong one of two nodes."""

import time

from forking import Caller
from nodes import RECORD_ROUTE, FlowToken, Nodes
from wic import Dialog

scene = Nodes()
here, there, alone = scene.at(1), scene.at(2), scene.at(3)
bob = here.wic("range1-bob")


class Astray(Caller):
    """Somebody behind an S-CSCF that sends everything to one node."""

    def to(self, route, contact, method="INVITE"):
        """Sends a request with that Route, as for a Path; returns it."""
        build = self.ua.invite if method == "INVITE" else lambda uri: self.ua.message(uri, "hi")
        request = build(f"sip:{contact}@{route.partition('@')[2].partition(';')[0]}")
        request.set("To", f"<{bob.impu}>").add("Route", route)
        request.add("Record-Route", f"<sip:mt@{self.addr[0]}:{self.addr[1]};lr>")
        self.send_sip(request)
        return request

    def along(self, request):
        """The wrong node again."""
        self.send_sip(request)
        return request


def shown():
    """Flow and Contact of bob, from a call that came the right way."""
    caller = Caller(here)
    invite = caller.call(bob.impu)
    got = scene.rings(bob, "at the right node", 486)
    bob.expect("ACK")
    scene.eq(caller.ends(invite).status, 486, "INVITE at the right node")
    return FlowToken.of_route(got.values("Record-Route")[0])


def refused(route, status, what, at=there):
    """Request with that Route is refused by the node, and no WIC hears of it."""
    caller = Astray(at)
    for method in ("INVITE", "MESSAGE"):
        request = caller.to(route, contact, method)
        answer = caller.final(request)
        scene.eq(answer.status, status, f"{method}: {what}")
        if method == "INVITE":
            caller.send_sip(caller.ua.ack_failure(request, answer))


flow = shown()
contact = here.rows("webrtc_ims.registrations", bob.impu)[0]["contact"]
route = here.flow_route(flow)
astray = Astray(there)

scene.part("a call that comes to the wrong node")
invite = astray.to(route, contact)
got = bob.expect("INVITE")
scene.eq(got.uri, bob.ua.contact.strip("<>"), "Request-URI")
scene.eq(got.all("Route"), [], "Route")
scene.eq(len(got.values("Record-Route")), 2, "Record-Routes: of the owner and of the core")
scene.eq(FlowToken.of_route(got.values("Record-Route")[0]).node, 1, "node in the Record-Route")
ok = bob.reply(got, 200)
answer = astray.final(invite)
scene.eq(answer.status, 200, "INVITE over the wrong node")
scene.eq((there.stats()["calls"], here.stats()["calls"] > 0), (0, True), "calls at the wrong and at the right node")
dialog = astray.talk(answer)
bob.expect("ACK")
astray.send_sip(info := astray.ua.in_dialog(dialog, "INFO"))
bob.reply(bob.expect("INFO"), 200)
scene.eq(astray.final(info).status, 200, "INFO over the wrong node")
bye = bob.ua.bye(Dialog.of_callee(got, ok))
bob.send_sip(bye)
astray.answer(astray.expect("BYE"), 200)
scene.eq(bob.final(bye).status, 200, "BYE of the WIC")

scene.part("the caller gives up over the wrong node")
invite = astray.to(route, contact)
got = scene.rings(bob, "over the wrong node")
astray.wait_for(lambda m: m.is_response and m.status == 180)
scene.eq(astray.ask(astray.ua.cancel(invite)).status, 200, "CANCEL")
scene.cancelled(bob, got, "over the wrong node")
scene.eq(astray.ends(invite).status, 487, "INVITE that is cancelled")
message = astray.to(route, contact, "MESSAGE")
bob.reply(bob.expect("MESSAGE"), 200)
scene.eq(astray.final(message).status, 200, "MESSAGE over the wrong node")

scene.part("never twice, never for what is forged or gone")
refused(route.replace(";lr", ";lr;peer"), 430, "sent on before")
refused(route.replace("127.0.1.1", "127.0.1.2").replace(str(here.mw[1]), str(there.mw[1])), 430, "a Route to this node")
bad = FlowToken.of_route(route)
refused(route.replace(bad.text(scene.flow_key), bad.text(b"x" * 32)), 403, "signed by another key")
bad.kind = RECORD_ROUTE
refused(here.flow_route(bad), 403, "a Record-Route's token in place of a Path's")
gone = FlowToken(1, flow.epoch, flow.conn + 1000)
refused(here.flow_route(gone), 430, "a connection that is gone")
gone = FlowToken(1, flow.epoch - 1, flow.conn)
refused(here.flow_route(gone), 430, "a connection of an earlier start")
scene.quiet((bob,), "after what was refused")

scene.part("a node without peers")
refused(route, 430, "the other node is not listed", alone)
caller = Caller(alone)
scene.eq(caller.ends(caller.call(bob.impu)).status, 480, "INVITE at a node that must not send it to the other one")
scene.ok(alone.count_log("eP-CSCF at 127.0.1.1 is in no network of the other eP-CSCFs") > 0, "the log says why")
scene.quiet((bob,), "after what the node without peers refused")
peer = alone.wic("range1-eve")
eve = FlowToken(3, flow.epoch, 1)
caller, began = Astray(there), time.monotonic()
scene.eq(caller.ends(caller.to(alone.flow_route(eve), contact)).status, 480, "INVITE for a node that does not listen")
scene.ok(1.5 < time.monotonic() - began < 3.5, "seconds until that node is given up", time.monotonic() - began)
scene.quiet((peer,), "behind a node that knows no peers")
scene.leave(bob, peer)
scene.done()
