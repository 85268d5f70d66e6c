# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Emergency calls with an E-CSCF."""

import os

from scene import Scene, until
from wic import Dialog, Mw, Ua, new_id

scene = Scene()


class Psap(Mw):
    """The E-CSCF, with the PSAP behind it."""

    def __init__(self):
        super().__init__(port=int(os.environ["E_CSCF"]))
        self.user = "psap"
        self.ua = Ua("sip:psap@ims.test", transport="UDP", via_host=f"{self.addr[0]}:{self.addr[1]}",
                     contact=f"<sip:psap@{self.addr[0]}:{self.addr[1]}>")

    def reply(self, request, code):
        """Build an answer and send it to where the request came from."""
        answer = self.ua.answer(request, code)
        self.send_sip(answer, request.source)
        return answer

    def send_in_dialog(self, request):
        """To the eP-CSCF, which is the only Route."""
        self.send_sip(request, scene.mw)


psap = Psap()
carol = scene.core_ua("carol")
alice = scene.phone("alice")
ME = f"<sip:{scene.mw[0]}:{scene.mw[1]}>"
BODY = ("<alternative-service>", "<type>emergency</type>", "</ims-3gpp>")


def sos(phone, uri, method="INVITE", **more):
    """No token, no registration, Routes and identities that mean nothing."""
    return phone.ua.request(method, uri, headers=[
        ("Contact", phone.ua.contact), ("Content-Type", "application/sdp"),
        ("P-Asserted-Identity", "<sip:carol@ims.test>"), ("P-Charging-Vector", "icid-value=mine"),
        *more.pop("headers", ())], body=b"v=0\r\n", routes=[f"<sip:{scene.scscf[0]}:{scene.scscf[1]};lr>"], **more)


def arrives(phone, request, urn, identity):
    """The E-CSCF gets it so; returned as it got it."""
    phone.send_sip(request)
    got = psap.expect(request.method)
    scene.eq(got.uri, urn, f"Request-URI of {request.uri}")
    scene.eq(got.values("P-Asserted-Identity"), identity, f"identity of {request.uri}")
    scene.eq(got.all("Route"), [f"<sip:127.0.0.1:{psap.addr[1]};lr>"], f"Route of {request.uri}")
    vector = got.all("P-Charging-Vector")
    scene.ok(len(vector) == 1 and "mine" not in vector[0] and vector[0].endswith("orig-ioi=ims.test"),
             "P-Charging-Vector", vector)
    scene.eq(len(got.all("Record-Route")), 1 if request.method == "INVITE" else 0, "Record-Route")
    return got


def alternative(answer):
    """It is the 380 of TS 24.229 7.6."""
    scene.eq(answer.status, 380, "status")
    scene.eq(answer.get("Content-Type"), "application/3gpp-ims+xml", "Content-Type")
    scene.eq(answer.get("P-Asserted-Identity"), ME, "P-Asserted-Identity of the 380")
    scene.eq(answer.all("Contact"), [], "Contact of the 380")
    scene.ok(all(part in answer.body.decode() for part in BODY), "body of the 380", answer.body)


def refused(phone, invite, answer):
    """ACK of an answer that ends the INVITE."""
    phone.send_sip(phone.ua.ack_failure(invite, answer))


def answered(phone, urn="urn:service:sos", identity=()):
    """A call that the PSAP has answered: both dialogs."""
    invite = sos(phone, urn)
    got = arrives(phone, invite, urn, list(identity))
    psap.reply(got, 180)
    ok = psap.reply(got, 200)
    final = phone.final(invite)
    scene.eq(final.status, 200, "emergency call")
    mine, theirs = Dialog.of_caller(final), Dialog.of_callee(got, ok)
    phone.send_sip(phone.ua.ack(mine))
    psap.expect("ACK")
    return mine, theirs


scene.part("every way to say it, registered and not")
before = scene.seen("INVITE", "MESSAGE")
stranger = scene.connected("bob")
for who, identity in ((alice, [f"<{alice.impu}>"]), (stranger, [])):
    for uri, urn in (("urn:service:sos", "urn:service:sos"), ("URN:SERVICE:SOS", "URN:SERVICE:SOS"),
                     ("urn:service:sos.animal-control", "urn:service:sos.animal-control"),
                     ("tel:112;phone-context=+49", "urn:service:sos"), ("tel:1-1-0", "urn:service:sos.police"),
                     ("sip:112@ims.test;user=phone", "urn:service:sos"), ("sips:110@IMS.test", "urn:service:sos.police"),
                     ("sip:112;phone-context=ims.test@ims.test;user=phone", "urn:service:sos")):
        call = sos(who, uri)
        psap.reply(arrives(who, call, urn, identity), 486)
        answer = who.final(call)
        scene.eq(answer.status, 486, f"answer of the PSAP to {uri}")
        refused(who, call, answer)
        psap.expect("ACK")
    for uri in ("urn:service:sos", "urn:service:%73os", "tel:+112", "sip:%31%312@ims.test;user=phone"):
        text = sos(who, uri, "MESSAGE")
        psap.reply(arrives(who, text, "urn:service:sos", identity), 200)
    scene.eq(who.final(text).status, 200, "MESSAGE")
scene.eq(scene.seen("INVITE", "MESSAGE"), before, "none of them went to the core")

scene.part("CANCEL")
alternative(stranger.ask(sos(stranger, "urn:service:sos")))  # a ninth call over one connection
stranger = scene.connected("bob")
call = sos(stranger, "urn:service:sos")
ringing = arrives(stranger, call, "urn:service:sos", [])
psap.reply(ringing, 180)
stranger.wait_for(lambda m: m.status == 180)
stranger.send_sip(stranger.ua.cancel(call))
psap.reply(psap.expect("CANCEL"), 200)
psap.reply(ringing, 487)
refused(stranger, call, stranger.final(call))
psap.expect("ACK")

scene.part("nothing else opens that door")
OUTSIDE = ("sip:alice@ims.test;urn:service:sos", "sip:sos@ims.test", "sip:112@other.test", "sip:alice@ims.test;user=112",
           "tel:1122", "tel:+49112", "tel:112+", "urn:service:sosx", "urn:service:police", "urn:service:sos.", "urn:service:sos..x",
           "sip:urn%3Aservice%3Asos@ims.test", "urn:service:counseling.sos")
for uri in OUTSIDE:
    scene.ok(stranger.ask(sos(stranger, uri)).status in (400, 401, 403), f"INVITE {uri}")
for more in ({"to": "<urn:service:sos>"}, {"headers": [("X-Emergency", "urn:service:sos")]},
             {"from_": f'"urn:service:sos" <sip:bob@ims.test>;tag={new_id()}'}, {"headers": [("Priority", "emergency")]}):
    scene.eq(stranger.ask(sos(stranger, "sip:carol@ims.test", **more)).status, 401, f"sos in {more}")
for method in ("OPTIONS", "SUBSCRIBE", "REFER", "PUBLISH", "INFO", "BYE", "NOTIFY"):
    scene.eq(stranger.ask(sos(stranger, "urn:service:sos", method)).status, 401, f"{method} urn:service:sos")
scene.eq(stranger.ask(sos(stranger, "urn:service:sos", to=f"<urn:service:sos>;tag={new_id()}")).status, 401,
         "INVITE inside a dialog that is none")
scene.eq(scene.seen("INVITE", "MESSAGE"), before, "requests in the core")
scene.quiet((psap,), "sos where it means nothing", 0.1)

scene.part("a call of a WIC that is not registered")
lone = scene.connected("bob")
mine, theirs = answered(lone)
again = psap.ua.in_dialog(theirs, "INVITE", [("Contact", psap.ua.contact)], b"v=0\r\n")
psap.send_in_dialog(again)
lone.reply(lone.expect("INVITE"), 200)
scene.eq(psap.final(again).status, 200, "re-INVITE of the PSAP")
psap.send_in_dialog(psap.ua.ack(theirs))
lone.expect("ACK")
scene.eq(lone.ask(lone.ua.message("sip:carol@ims.test", "hi")).status, 401, "MESSAGE to others beside it")
broken = lone.ua.token[:-8] + "AAAAAAAA"
scene.eq(lone.register(token=broken).status, 401, "REGISTER with a broken token beside it")
until(2.5, lambda: False)  # the time for registering passes
info = lone.ua.in_dialog(mine, "INFO", [("Content-Type", "text/plain")], b"1")
lone.send_sip(info)
psap.reply(psap.expect("INFO"), 200)
scene.eq(lone.final(info).status, 200, "INFO after the time for registering")
bye = psap.ua.bye(theirs)
psap.send_in_dialog(bye)
lone.reply(lone.expect("BYE"), 200)
scene.eq(psap.final(bye).status, 200, "BYE of the PSAP")
scene.closes(lone, 1008, 5)

scene.part("its WebSocket is lost")
lone = scene.connected("bob")
answered(lone)
lone.drop()
bye = psap.expect("BYE")
scene.ok("480" in (bye.get("Reason") or ""), "Reason of the BYE", bye.get("Reason"))
psap.reply(bye, 200)

scene.part("the token of a registered WIC runs out in a call")
brief = scene.connected("bob")
brief.ua.token = scene.token("bob", "--exp-in", "33")
scene.eq(brief.register(expires=60).status, 200, "REGISTER")
mine, theirs = answered(brief, identity=["<sip:bob@ims.test>"])
scene.rpc_all("webrtc_ims.revoke", "subject", "shop", "bob", "600")
scene.comes(0, lambda: scene.rpc("webrtc_ims.bindings", "impu", "sip:bob@ims.test").count("connection:"),
            "bindings of bob after the revocation")
bye = brief.ua.bye(mine)
brief.send_sip(bye)
psap.reply(psap.expect("BYE"), 200)
scene.eq(brief.final(bye).status, 200, "BYE after the revocation")
scene.closes(brief, 4401)

scene.part("where the caller is (RFC 6442), and that the PSAP could not use it")
# A refused call goes with its transaction, 5 s later; alice had eight, which is all that one connection may have.
scene.comes(0, lambda: scene.stats()["calls"], "calls before that", 10)
LOCATION = [("Geolocation", "<cid:alice@ims.test>"), ("Geolocation-Routing", "yes"), ("Supported", "geolocation")]
TWO_PARTS = (b"--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b\r\n"
             b"Content-Type: application/pidf+xml\r\nContent-ID: <alice@ims.test>\r\n\r\n<presence/>\r\n--b--\r\n")
call = sos(alice, "urn:service:sos", headers=LOCATION)
call.set("Content-Type", "multipart/mixed;boundary=b")
call.body = TWO_PARTS
alice.send_sip(call)
got = psap.expect("INVITE")
scene.eq([got.get(name) for name, _ in LOCATION], [value for _, value in LOCATION], "headers at the E-CSCF")
scene.eq((got.get("Content-Type"), got.body), ("multipart/mixed;boundary=b", TWO_PARTS), "body at the E-CSCF")
bad = psap.ua.answer(got, 424, headers=[("Geolocation-Error", '100;code="Cannot Process Location"')])
psap.send_sip(bad, got.source)
answer = alice.final(call)
scene.eq((answer.status, answer.get("Geolocation-Error")), (424, '100;code="Cannot Process Location"'), "424")
refused(alice, call, answer)
psap.expect("ACK")

scene.part("requests for help have a rate of their own: beyond it, help by another way")
hasty = scene.connected("bob")
texts = [sos(hasty, "urn:service:sos", "MESSAGE") for _ in range(45)]
for text in texts:
    hasty.send_sip(text)
taken = set()
for got in psap.each("MESSAGE", 1):
    taken.add(got.call_id)
    psap.reply(got, 200)
answers = [hasty.final(text) for text in texts]
scene.eq({answer.status for answer in answers}, {200, 380}, "answers to many")
scene.ok(25 <= len(taken) < 45, "messages at the E-CSCF", len(taken))
scene.ok(scene.counter("rate_exceeded") > 0, "counted", scene.counter("rate_exceeded"))
alternative(next(answer for answer in answers if answer.status == 380))

scene.part("limits and a sane head hold")
lone = scene.connected("carol")
scene.eq(lone.ask(sos(lone, "urn:service:sos", headers=[("P-Asserted-Identity ", "x")])).status, 400, "a head with a trap")
scene.quiet((psap,), "a head with a trap", 0.1)

scene.part("the E-CSCF says 503, or nothing")
lone = scene.connected("bob")
call = sos(lone, "sip:110@ims.test")
lone.send_sip(call)
psap.reply(psap.expect("INVITE"), 503)
answer = lone.final(call)
alternative(answer)
refused(lone, call, answer)
call = sos(lone, "urn:service:sos")
lone.send_sip(call)
psap.expect("INVITE")
answer = lone.final(call)
alternative(answer)
refused(lone, call, answer)

scene.part("call back of the PSAP")
carol.register()
back = carol.ua.message(alice.impu, "are you there?", [("Priority", "psap-callback")])
carol.call(back)
got = alice.expect("MESSAGE")
scene.eq(got.get("Priority"), "psap-callback", "Priority towards the WIC")
alice.reply(got, 200)
scene.eq(carol.final(back).status, 200, "call back")
lie = alice.ua.message(carol.impu, "hi", [("Priority", "psap-callback"), alice.bearer])
alice.send_sip(lie)
got = carol.expect("MESSAGE")
scene.eq(got.all("Priority"), [], "a call back that a WIC claims")
carol.reply(got, 200)
alice.final(lie)
scene.ok(scene.counter("emergencies") >= 20, "counter emergencies", scene.counter("emergencies"))
scene.done()
