# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A pool: WICs that share an IMPU by distinct IMPIs."""

from dialogs import call
from flows import Flows
from wic import Dialog

LOBBY = "sip:lobby@ims.test"

flows = Flows()


def wic_of(user, impi, **claims):
    """A WIC with a token for that IMPI; claims replace others."""
    wic = flows.connected(user)
    named = [option for name, value in claims.items() for option in ("--claim", f"{name}={value}")]
    wic.ua.token = flows.token(user, "--impi", impi, *named)
    return wic


def in_lobby(number, subject):
    """A user of the pool, registered."""
    wic = wic_of("lobby", f"lobby-{number}@ims.test", sub=subject)
    flows.eq(wic.register().status, 200, f"REGISTER of lobby-{number}")
    return wic


def ringing(caller):
    """A call of the lobby: the INVITE and how it came to both."""
    invite = caller.ua.invite(LOBBY)
    caller.call(invite)
    return invite, one.expect("INVITE"), two.expect("INVITE")


def refused(wic, code, reason):
    """REGISTER is refused, and the WebSocket closed."""
    flows.eq(wic.register().status, code, f"REGISTER that is {reason}")
    flows.eq(wic.wait_close(2), (4000 + code, reason), f"Close frame of {reason}")


flows.part("registered one by one")
one, two = in_lobby(1, "ann"), in_lobby(2, "ben")
three = flows.phone("pool17")
flows.eq(sorted(flows.said("REGISTER", "to")), [LOBBY, LOBBY, "sip:pool17@ims.test"], "To of REGISTERs in the core")
flows.eq(len(flows.known("lobby")), 2, "contacts of the lobby in the core")
flows.eq(sorted(row["impi"] for row in flows.bindings("lobby")),
         ["lobby-1@ims.test", "lobby-2@ims.test"], "IMPIs of the lobby")
flows.eq(one.register().status, 200, "the next REGISTER of lobby-1")
flows.eq(len(flows.known("lobby")), 2, "contacts after a refresh")

flows.part("both ring, one answers")
carol = flows.core_ua("carol")
invite, at_one, at_two = ringing(carol)
for phone, request in ((one, at_one), (two, at_two)):
    phone.reply(request, 180)
    # tm sends a CANCEL once more when a 180 is still on its way
    carol.wait_for(lambda msg: msg.is_response and msg.status == 180)
ok = two.reply(at_two, 200)
final = carol.final(invite)
flows.eq(final.status, 200, "the call of the lobby")
dialog = Dialog.of_caller(final)
carol.send_in_dialog(carol.ua.ack(dialog))
two.expect("ACK")
one.reply(one.expect("CANCEL"), 200)
one.reply(at_one, 487)
one.expect("ACK")
flows.bye(carol, two, dialog, "BYE of the call")
flows.quiet((one, three), "the end of the call")

flows.part("calls of their own")
dialog, _ = call(two, carol)
flows.eq(flows.said("INVITE", "asserted")[-1], f"<{LOBBY}>", "asserted identity of lobby-2")
flows.eq(flows.said("INVITE", "profile")[-1], "<null>", "P-Profile-Key of lobby-2")
flows.bye(two, carol, dialog, "BYE of lobby-2")

flows.part("one leaves")
flows.eq(two.register(expires=0).status, 200, "de-REGISTER of lobby-2")
flows.comes(1, lambda: len(flows.known("lobby")), "contacts of the lobby in the core")
call(carol, one)
flows.quiet((two, three), "the call of the lobby")

flows.part("nobody else gets in")
registers = flows.seen("REGISTER")
refused(wic_of("lobby", "carol@ims.test"), 403, "impi_not_entitled")
refused(wic_of("lobby", "wic1@ims.test"), 403, "impi_not_entitled")
refused(wic_of("wic1", "lobby-3@ims.test"), 403, "impu_not_entitled")
refused(wic_of("carol", "lobby-3@ims.test"), 403, "impu_not_entitled")
refused(wic_of("pool1000", "pool1000@ims.test"), 403, "impu_not_entitled")
refused(wic_of("wic1", "wic1@ims.test", iss="https://other.test"), 403, "wwsf_mismatch")
# who is not known need not say so: it is not provisioned
nobody = wic_of("pool18", "pool18@ims.test")
nobody.ua.token = flows.token("pool18", sub=False)
refused(nobody, 401, "claim_missing")
flows.eq(flows.seen("REGISTER"), registers, "REGISTERs that reached the core")
flows.eq(sorted({row["impi"] for row in flows.bindings("lobby")}), ["lobby-1@ims.test"], "IMPIs of the lobby")
flows.done()
