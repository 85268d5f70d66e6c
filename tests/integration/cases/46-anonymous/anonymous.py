# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Anonymous users: tokens without a subject, and who has what they name."""

from asked import Asked
from dialogs import call

BRIEF = 4  # s that a token lives which has to end here

flows = Asked()


def with_token(user, token, instance=None):
    """A WIC with that token on a connection of its own."""
    wic = flows.connected(user)
    wic.ua.token = token
    wic.ua.instance = instance or wic.ua.instance
    return wic


def anonymous(user, *options):
    """A token without a subject; each has another jti."""
    return flows.token(user, *options, sub=False)


def accepted(user, token, what, instance=None):
    """Registered with it."""
    wic = with_token(user, token, instance)
    flows.eq(wic.register().status, 200, f"REGISTER of {what}")
    return wic


def refused(user, token, what, code=403, reason="identity_in_use"):
    """Refused, the WebSocket closed, and the core has not heard of it."""
    before = flows.seen("REGISTER")
    wic = with_token(user, token)
    answer = wic.register()
    flows.eq(answer.status, code, f"REGISTER of {what}")
    flows.eq(wic.wait_close(2), (4000 + code, reason), f"Close frame for {what}")
    flows.eq(flows.seen("REGISTER"), before, f"REGISTERs in the core after {what}")


def held():
    """IMPI -> row of who holds it."""
    return {row["impi"]: row for row in flows.rows("webrtc_ims.anonymous")}


flows.part("exclusive")
first = anonymous("pool2")
guest = accepted("pool2", first, "the first guest")
subject = held()["pool2@ims.test"]["subject"]
flows.ok(subject.startswith("anonymous:") and len(subject) == 42, "the guest has a subject", subject)
flows.eq([row["subject"] for row in flows.bindings("pool2")], [subject], "subject of the binding")
refused("pool2", anonymous("pool2"), "another token")
refused("pool2", flows.token("pool2"), "a token with a subject")
refused("pool2", flows.token("pool2", "--claim", f"sub={subject}"), "a subject that looks like it", 401,
        "claim_value")
refused("pool3", flows.token("pool3", "--impi", "pool2@ims.test"), "its IMPI with another IMPU")
refused("pool2", flows.token("pool2", "--impi", "pool3@ims.test"), "its IMPU with another IMPI")
other = accepted("pool3", anonymous("pool3"), "another guest")
flows.eq(flows.counter("identity_in_use"), 4, "requests refused so")
flows.eq(flows.counter("anonymous"), 2, "anonymous users")

flows.part("the page is loaded again, then has a fresher token")
instance = guest.ua.instance
guest.drop()
guest = accepted("pool2", first, "the page that was loaded again", instance)
guest.ua.token = anonymous("pool2", "--exp-in", "900")
flows.eq(guest.register().status, 200, "REGISTER with a fresher token")
flows.eq([row["subject"] for row in flows.bindings("pool2")], [subject], "subject after that")
flows.eq(len(flows.known("pool2")), 1, "contacts of the guest in the core")
flows.ok(held()["pool2@ims.test"]["seconds"] > 800, "it is held as long as the fresher one", held())

flows.part("calls, with the token on each request")
carol = flows.core_ua("carol")
call(carol, guest)
invite = guest.ua.invite(carol.impu, headers=[guest.bearer])
guest.send_sip(invite)
carol.reply(carol.expect("INVITE"), 486)
flows.eq(guest.final(invite).status, 486, "a call of the guest")
other.ua.token = guest.ua.token
flows.status(other, other.ua.message(carol.impu, "x", [other.bearer]), 403, "MESSAGE with the token of somebody else")

flows.part("it leaves, and its token is good still")
flows.eq(guest.register(expires=0).status, 200, "de-REGISTER")
refused("pool2", anonymous("pool2"), "a token of the next guest, too early")
guest = accepted("pool2", first, "the guest, who is back")

flows.part("by RPC, and who is registered stays")
flows.eq(flows.rpc_all("webrtc_ims.free_anonymous", "pool2@ims.test").strip(), "", "it is freed")
flows.ok("404" in flows.rpc_all("webrtc_ims.free_anonymous", "pool2@ims.test"), "nobody has it")
refused("pool2", anonymous("pool2"), "a token while somebody else is registered")
flows.eq(guest.register().status, 200, "the next REGISTER of the guest")
flows.eq(held()["pool2@ims.test"]["subject"], subject, "who has it again")

flows.part("revoked")
third = accepted("pool4", anonymous("pool4", "--jti", "j4"), "a guest who is taken back")
flows.ok("ended: 1\n" in flows.rpc("webrtc_ims.revoke", "jti", "shop", "j4"), "one registration ends")
flows.eq(third.wait_close(2), (4401, "token_revoked"), "Close frame")
flows.comes(0, lambda: len(flows.bindings("pool4")), "bindings of it")
refused("pool4", third.ua.token, "the token that is revoked", 401, "token_revoked")
accepted("pool4", anonymous("pool4"), "the next guest")

flows.part("expired")
brief = accepted("pool5", anonymous("pool5", "--exp-in", str(BRIEF)), "a guest for a moment")
refused("pool5", anonymous("pool5"), "a token of the next guest, too early")
flows.eq(brief.wait_close(BRIEF + 3), (4401, "token_expired"), "Close frame")
flows.comes(True, lambda: "pool5@ims.test" not in held(), "it is free")
accepted("pool5", flows.token("pool5"), "a user with a subject")
refused("pool5", anonymous("pool5"), "a guest who comes to a user's identities")

flows.part("tokens that a server is asked about")
opaque = flows.opaque("pool7", sub=None)
accepted("pool7", opaque, "a guest with a reference token")
refused("pool7", flows.opaque("pool7", sub=None), "another reference token")
refused("pool7", flows.opaque("pool7"), "a reference token of somebody")
accepted("pool7", opaque, "the guest's reference token again")
flows.ok(held()["pool7@ims.test"]["subject"].startswith("anonymous:"), "it is held", held())

flows.part("not provisioned any more")
late = anonymous("pool6")
flows.provision(anonymous=False)
refused("pool6", late, "a token without a subject", 401, "claim_missing")
refused("pool2", flows.token("pool2"), "a token for what is held still")
flows.done()
