# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests with reference tokens, other than REGISTER; see README.md."""

import os
import signal
import time

from asked import Asked
from wic.ua import Dialog

scene = Asked()
server = scene.server
alice = scene.core_ua("alice")


def bearer(**says):
    """The header that JsSIP puts on every request, with a new token."""
    return [("Authorization", f"Bearer {scene.opaque('wic20', **says)}")]


def registered():
    """A WIC that is registered."""
    phone = scene.wic("wic20", scene.opaque("wic20"))
    answer = phone.register()
    scene.eq(answer.status, 200, "REGISTER of wic20")
    phone.ua.registered(answer)
    return phone


def message(phone):
    """Its body and the identity come through."""
    scene.part("MESSAGE")
    server.delay = 0.3
    asked = sum(server.asked.values())
    request = phone.ua.message(alice.impu, "hi", headers=bearer())
    phone.send_sip(request)
    scene.comes(1, lambda: scene.server_row()["pending"], "requests that wait")
    got = alice.expect("MESSAGE")
    scene.eq((got.body, got.get("Authorization")), (b"hi", None), "MESSAGE in the core")
    scene.eq(got.get("P-Asserted-Identity"), "<sip:wic20@ims.test>", "asserted identity")
    alice.reply(got, 202)
    scene.eq(phone.final(request).status, 202, "answer to it")
    scene.eq(sum(server.asked.values()), asked + 1, "questions")
    server.delay = 0.0


def refused():
    """Nothing of them reaches the core."""
    scene.part("refused")
    for reason, status, says in (("token_inactive", 401, {"active": False}), ("subject_mismatch", 403, {"sub": "x"}),
                                 ("token_server_failed", 503, {"active": "yes"})):
        with registered() as phone:
            request = phone.ua.message(alice.impu, "no", headers=bearer(**says))
            scene.eq(phone.ask(request).status, status, f"MESSAGE, {reason}")
            scene.eq(scene.count_log(f"MESSAGE refused: {reason} "), 1, f"line about {reason}")
    scene.quiet([alice], "refused MESSAGEs")


def call(phone):
    """INVITE waits, ACK and BYE do not."""
    scene.part("a call")
    server.delay = 0.3
    invite = phone.ua.invite(alice.impu, headers=bearer())
    phone.send_sip(invite)
    scene.comes(1, lambda: scene.server_row()["pending"], "requests that wait")
    got = alice.expect("INVITE")
    scene.eq(got.body, invite.body, "SDP in the core")
    alice.reply(got, 200, sdp="v=0\r\n")
    final = phone.final(invite)
    scene.eq(final.status, 200, "INVITE")
    server.delay, server.mode = 0.0, "hang"
    dialog = Dialog.of_caller(final)
    phone.send_sip(phone.ua.ack(dialog, headers=bearer()))
    alice.expect("ACK")
    began = time.monotonic()
    bye = phone.ua.bye(dialog, headers=bearer())
    phone.send_sip(bye)
    alice.reply(alice.expect("BYE"), 200)
    scene.eq(phone.final(bye).status, 200, "BYE")
    scene.ok(time.monotonic() - began < 0.9, "BYE waits for nobody", time.monotonic() - began)
    server.mode = "tokens"
    scene.eq(scene.counter("token_lookups"), 0, "requests that wait")


def cancelled(phone):
    """tm answers it; the token server's answer comes too late."""
    scene.part("CANCEL while the server is asked")
    server.delay = 0.6
    invites, acks = scene.seen("INVITE"), scene.seen("ACK")
    invite = phone.ua.invite(alice.impu, headers=bearer())
    phone.send_sip(invite)
    scene.comes(1, lambda: scene.server_row()["pending"], "requests that wait")
    cancel = phone.ua.cancel(invite)
    phone.send_sip(cancel)
    scene.eq(phone.final(cancel).status, 200, "CANCEL")
    final = phone.final(invite)
    scene.eq(final.status, 487, "INVITE")
    phone.send_sip(phone.ua.ack_failure(invite, final))
    scene.nobody_waits()
    scene.eq((scene.seen("INVITE"), scene.seen("ACK")), (invites, acks), "INVITE and ACK in the core")
    server.delay = 0.0


def workers():
    """Process ids of the async workers."""
    lines = scene.rpc("core.ps").split("\n")
    return [int(pid) for pid, name in zip(lines, lines[1:]) if "Async Task Worker" in name]


def nobody_goes_on(phone):
    """The time-out of tm is longer than the server's, but there is one."""
    scene.part("workers that do nothing")
    pids, before = workers(), scene.in_core()
    scene.eq(len(pids), 2, "async workers")
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    request = phone.ua.register(token=scene.opaque("wic20"))
    phone.send_sip(request)
    answer = phone.final(request, 12)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    scene.eq(answer.status, 503, "REGISTER")
    scene.ok(answer.get("Retry-After"), "Retry-After")
    scene.ok(4 < time.monotonic() - began < 8, "seconds until 503", time.monotonic() - began)
    scene.nobody_waits()
    scene.eq(scene.in_core(), before, "REGISTERs in the core")
    scene.eq(phone.register().status, 200, "REGISTER after that")


wic = registered()
message(wic)
refused()
call(wic)
cancelled(wic)
nobody_goes_on(wic)
scene.nobody_waits()
scene.eq(server.strange, [], "questions that RFC 7662 does not know")
scene.done()
