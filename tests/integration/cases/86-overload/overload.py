# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which requests pass at which level of overload."""

import os

from dialogs import call
from scene import Scene
from wic import Mw, Ua, new_id

scene = Scene()
ecscf = Mw(port=int(os.environ["E_CSCF"]))
RETRY_AFTER = 5  # the parameter's default


def level(text):
    """Pins it, or lets it go with "auto"."""
    return scene.rpc_all("webrtc_ims.load", text)


def refused(answer, what):
    """503, and when to come again: between the parameter and twice that."""
    if scene.eq(answer.status, 503, what):
        after = int(answer.get("Retry-After") or 0)
        scene.ok(RETRY_AFTER <= after <= 2 * RETRY_AFTER, f"Retry-After of {what}", after)
        scene.ok(answer.get("WWW-Authenticate") is None, f"no challenge with {what}")
    return answer


def judged(good, answer, what, by_core=False):
    """200, or refused; a proxy makes 500 of 503 (RFC 3261 16.7)."""
    if good or by_core:
        return scene.eq(answer.status, 200 if good else 500, what)
    return refused(answer, what)


def on_mw(method, **more):
    """The same answer as the core's next hop sees it."""
    with Mw(peer=scene.mw) as peer:
        ua = Ua("sip:mallory@ims.test", transport="UDP", via_host=f"{peer.addr[0]}:{peer.addr[1]}")
        request = ua.request(method, f"sip:alice@{scene.mw[0]}:{scene.mw[1]}", **more)
        answer = refused(peer.ask(request), f"{method} on Mw")
        if method == "INVITE":
            peer.send_sip(ua.ack_failure(request, answer))
            scene.quiet((peer,), "the ACK", 0.05)


class Parties:
    """A call from a WIC to the core's side, one the other way, and a WIC that has
    not registered."""

    def __init__(self):
        self.alice, self.carol = scene.phone("alice"), scene.core_ua("carol")
        self.mine, self.theirs = call(self.alice, self.carol)
        self.back, self.back_wic = call(self.carol, self.alice)

    def new_register(self, good):
        """Of a WIC that is not registered. The token is not even looked at."""
        before = scene.registers_of("sip:bob@ims.test")
        bob = scene.connected("bob")
        token = bob.ua.token
        if not good:
            refused(bob.register(token=token[:-8] + "AAAAAAAA"), "REGISTER with a broken token")
        answer = bob.register(token=token)
        judged(good, answer, "REGISTER of a WIC that is not registered")
        scene.eq(scene.registers_of("sip:bob@ims.test") - before, int(good), "REGISTERs of it in the core")
        scene.eq(scene.stats()["closing"], 0, "connections closed for it")
        if good:
            scene.eq(bob.register(expires=0).status, 200, "de-REGISTER")
        bob.drop()

    def requests(self, good):
        """MESSAGE and INVITE from both sides, outside dialogs."""
        before = scene.seen("INVITE", "MESSAGE")
        for sender, receiver in ((self.alice, self.carol), (self.carol, self.alice)):
            text = sender.call(sender.ua.message(receiver.impu, "hi", [self.alice.bearer] if sender is self.alice else []))
            if good:
                receiver.reply(receiver.expect("MESSAGE"), 200)
            judged(good, sender.final(text), f"MESSAGE of {sender.user}", sender is self.carol)
            if not good:
                invite = sender.call(sender.ua.invite(receiver.impu))
                answer = sender.final(invite)
                judged(False, answer, f"INVITE of {sender.user}", sender is self.carol)
                sender.send_hop(sender.ua.ack_failure(invite, answer))
        if not good:
            on_mw("INVITE")
            on_mw("MESSAGE")
            scene.quiet((self.alice, self.carol), "a request that is refused", 0.2)
            scene.eq(scene.seen("INVITE", "MESSAGE") - before, 2, "requests in the core: those of its own side")

    def refresh(self, good):
        """REGISTER of a WIC that is registered."""
        before = scene.registers_of("sip:alice@ims.test")
        judged(good, self.alice.register(), "refresh")
        scene.eq(scene.registers_of("sip:alice@ims.test") - before, int(good), "refreshes in the core")

    def in_dialog(self, good):
        """INFO, both ways; ACK and BYE always."""
        for sender, receiver, dialog in ((self.alice, self.carol, self.mine), (self.carol, self.alice, self.back)):
            info = sender.send_in_dialog(sender.ua.in_dialog(dialog, "INFO", [("Content-Type", "text/plain")], b"1"))
            if good:
                receiver.reply(receiver.expect("INFO"), 200)
            judged(good, sender.final(info), f"INFO of {sender.user}", sender is self.carol)
        if not good:
            on_mw("INFO", to=f"<{self.alice.impu}>;tag=1")
            scene.quiet((self.alice, self.carol), "an INFO that is refused", 0.2)

    def emergency(self):
        """It goes to the E-CSCF, registered or not; the ACK of its refusal follows."""
        for who in (self.alice, scene.connected("dave")):
            sos = who.ua.request("INVITE", "urn:service:sos", headers=[("Contact", who.ua.contact)])
            who.send_sip(sos)
            ecscf.answer(ecscf.expect("INVITE"), 486)
            answer = who.final(sos)
            scene.eq(answer.status, 486, f"emergency call of {who.user}")
            who.send_sip(who.ua.ack_failure(sos, answer))
            ecscf.expect("ACK")
        text = self.carol.ua.message(self.alice.impu, "are you there?", [("Priority", "psap-callback")])
        self.carol.call(text)
        self.alice.reply(self.alice.expect("MESSAGE"), 200)
        scene.eq(self.carol.final(text).status, 200, "call back of a PSAP")

    def ends(self):
        """BYE of both calls, and CANCEL of one that was ringing before."""
        scene.bye(self.alice, self.carol, self.mine)
        scene.bye(self.carol, self.alice, self.back)

    def cancelled(self, invite, ringing):
        """The INVITE of alice, which rings at carol."""
        self.alice.send_sip(self.alice.ua.cancel(invite))
        self.carol.reply(self.carol.expect("CANCEL"), 200)
        self.carol.reply(ringing, 487)
        answer = self.alice.final(invite)
        scene.eq(answer.status, 487, "the cancelled call")
        self.alice.send_sip(self.alice.ua.ack_failure(invite, answer))
        self.carol.expect("ACK")


scene.part("the command")
for wrong in ("401", "1x", "1000", "off"):
    scene.ok("LEVEL: must be 0..400, or auto" in level(wrong), f"a level {wrong!r}", level(wrong))
scene.ok("pinned: no" in scene.rpc("webrtc_ims.load"), "nothing is pinned", scene.rpc("webrtc_ims.load"))

parties = Parties()
KINDS = (parties.new_register, parties.requests, parties.refresh, parties.in_dialog)
for at in (0, 100, 200, 300, 400):
    scene.part(f"level {at}")
    scene.ok(f"level: {at}\n" in level(str(at)), "the level", scene.rpc("webrtc_ims.load"))
    for first, kind in enumerate(KINDS):
        kind(at <= first * 100)
    parties.emergency()
scene.eq(scene.counter("overload"), 400, "gauge overload")
for name, least in (("registers", 8), ("requests", 12), ("refreshes", 2), ("in_dialog", 2)):
    got = scene.counter(f"refused_{name}")
    scene.ok(got >= least, f"counter refused_{name}", got)
scene.eq(scene.counter("overloaded"), sum(scene.counter(f"refused_{n}") for n in
                                          ("registers", "requests", "refreshes", "in_dialog")), "outcome overloaded")

scene.part("what rings is cancelled, what is up is ended")
level("0")
ringing_invite = parties.alice.ua.invite(parties.carol.impu, headers=[parties.alice.bearer])
parties.alice.send_sip(ringing_invite)
ringing_there = parties.carol.expect("INVITE")
parties.carol.reply(ringing_there, 180)
parties.alice.wait_for(lambda msg: msg.status == 180)
level("400")
parties.cancelled(ringing_invite, ringing_there)
parties.ends()

scene.part("a part of a class")
level("150")
answers = [parties.alice.ask(parties.alice.ua.request("OPTIONS", "sip:nobody@ims.test", headers=[parties.alice.bearer]))
           for _ in range(60)]
refusals = [answer for answer in answers if answer.status == 503]
scene.ok(10 <= len(refusals) <= 50, "of 60 requests at level 150, about a half is refused", len(refusals))
scene.ok(all(answer.status in (604, 503) for answer in answers), "the others passed", [a.status for a in answers])
scene.ok(len({answer.get("Retry-After") for answer in refusals}) > 1, "Retry-After is spread")

scene.part("a To tag of one's own makes nothing of a request")
level("200")
false_dialog = parties.alice.ua.request("MESSAGE", parties.carol.impu, to=f"<{parties.carol.impu}>;tag={new_id()}",
                                        headers=[parties.alice.bearer])
scene.ok(parties.alice.ask(false_dialog).status in (400, 403, 481), "a request in no dialog")
scene.quiet((parties.carol,), "a request in no dialog", 0.1)

scene.part("it is over")
scene.ok("pinned: no" in level("auto"), "the level follows the load again", scene.rpc("webrtc_ims.load"))
scene.ok("level: 0\n" in scene.rpc("webrtc_ims.load"), "nothing is refused", scene.rpc("webrtc_ims.load"))
parties.new_register(True)
parties.requests(True)
scene.done()
