# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests of WICs that are not registered (any more)."""

from dialogs import call
from scene import Scene
from wic import WicTimeout, header_param, new_id

METHODS = ("INVITE", "MESSAGE", "OPTIONS", "SUBSCRIBE", "PUBLISH", "REFER", "NOTIFY", "INFO",
           "UPDATE", "PRACK", "BYE", "FROBNICATE")

scene = Scene()
carol = scene.core_ua("carol")


def request(phone, method, **more):
    """With everything that a registered WIC would put into it."""
    body = b"hello"
    return phone.ua.request(method, "sip:carol@ims.test", body=body, headers=[
        ("Contact", phone.ua.contact), ("Content-Type", "text/plain"), ("Event", "presence"),
        ("Refer-To", "<sip:bob@ims.test>"), ("P-Asserted-Identity", "<sip:carol@ims.test>"),
        ("P-Preferred-Identity", f"<{phone.impu}>"), phone.bearer],
        routes=[f"<sip:orig@{scene.scscf[0]}:{scene.scscf[1]};lr>"], **more)


def refused(phone, who):
    """Every method is, by that outcome, and nothing goes to the core."""
    before, refusals = scene.seen(*METHODS, "ACK", "CANCEL"), scene.count_log("refused: not_registered")
    for method in METHODS:
        scene.status(phone, request(phone, method), 403, f"{method} of one who {who}")
    scene.eq(scene.count_log("refused: not_registered") - refusals, len(METHODS),
             f"outcomes not_registered of one who {who}")
    phone.send_sip(request(phone, "ACK"))
    phone.send_sip(request(phone, "ACK", to=f"<sip:carol@ims.test>;tag={new_id()}"))
    scene.status(phone, request(phone, "CANCEL"), 481, f"CANCEL of one who {who}")
    scene.quiet((carol,), f"requests of one who {who}", 0.1)
    scene.eq(scene.seen(*METHODS, "ACK", "CANCEL"), before, f"requests in the core of one who {who}")


def passes(phone):
    """The counter-check: the same request of a registered WIC arrives."""
    msg = request(phone, "MESSAGE")
    phone.send_sip(msg)
    carol.register()
    carol.reply(carol.expect("MESSAGE"), 200)
    scene.eq(phone.final(msg).status, 200, "MESSAGE of one who is registered")


scene.part("never registered")
stranger = scene.connected("alice")
refused(stranger, "never registered")

scene.part("the token was refused")
stranger.ua.token = stranger.ua.token[:-8] + "AAAAAAAA"
stranger.send_sip(stranger.ua.register())
scene.eq(stranger.wait_for(lambda msg: msg.is_response).status, 401, "REGISTER with a broken token")
stranger.drop()

scene.part("registered on another connection")
alice = scene.phone("alice")
other = scene.connected("alice")
refused(other, "is registered elsewhere")
passes(alice)

scene.part("de-registered")
scene.eq(alice.register(expires=0).status, 200, "de-REGISTER")
refused(alice, "de-registered")
scene.eq(alice.register().status, 200, "REGISTER after that")
passes(alice)

scene.part("the registration ran out, a call goes on")
carol.register()
scene.eq(header_param(alice.register().get("Contact"), "expires"), "3", "seconds granted")
mine, theirs = call(alice, carol)
scene.comes(0, lambda: scene.stats()["bindings"], "bindings when the time is over", 6)
refused(alice, "was registered")
scene.bye(alice, carol, mine, "BYE of the call")
scene.comes(0, lambda: scene.stats()["calls"], "calls at the end")
try:
    carol.send_in_dialog(carol.ua.bye(theirs))
    scene.eq(carol.wait_for(lambda msg: msg.is_response and msg.method == "BYE").status, 481,
             "BYE of the core after BYE")
except WicTimeout:
    scene.ok(False, "BYE of the core after BYE is answered")
scene.done()
