# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls between a Phone and a Phone or CoreUa."""

from wic import Dialog


def set_up(caller, callee, invite=None, **answer):
    """INVITE, 200, ACK: both dialogs, the INVITE and the 200 as they came. invite: one of
    the case's own; answer: of reply()."""
    invite = caller.call(invite or caller.ua.invite(callee.impu))
    got = callee.expect("INVITE")
    ok = callee.reply(got, 200, **answer)
    final = caller.final(invite)
    if final.status != 200:
        raise SystemExit(f"FAIL: INVITE {caller.user} to {callee.user}: {final.to_bytes()}")
    mine = Dialog.of_caller(final)
    caller.send_in_dialog(caller.ua.ack(mine))
    callee.expect("ACK")
    return mine, Dialog.of_callee(got, ok), got, final


def rings(caller, callee, code=180):
    """An INVITE that is answered so, if at all; what left and what came."""
    invite = caller.call(caller.ua.invite(callee.impu))
    got = callee.expect("INVITE")
    if code:
        callee.reply(got, code)
        caller.wait_for(lambda msg: msg.is_response and msg.status == code)
    return invite, got


def call(caller, callee, answer=200):
    """A call; the dialog of both, or the INVITE at the callee when it is early."""
    return set_up(caller, callee)[:2] if answer == 200 else rings(caller, callee, answer)[1]


def talk(scene, caller, invite, callee, got):
    """The callee answers, and both are in a call that the caller ends."""
    callee.reply(got, 200)
    final = caller.final(invite)
    if not scene.eq(final.status, 200, f"call to {callee.user}"):
        return
    dialog = Dialog.of_caller(final)
    caller.send_in_dialog(caller.ua.ack(dialog))
    callee.expect("ACK")
    scene.bye(caller, callee, dialog, f"BYE to {callee.user}")
