# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls between a Phone and a Phone or CoreUa."""

from wic import Dialog


def call(caller, callee, answer=200):
    """A call; the dialog of both, or the INVITE at the callee when it is early."""
    invite = caller.ua.invite(callee.impu)
    getattr(caller, "call", caller.send_sip)(invite)
    got = callee.expect("INVITE")
    ok = callee.reply(got, answer)
    if answer < 200:
        caller.wait_for(lambda msg: msg.is_response and msg.status == answer)
        return got
    final = caller.final(invite)
    if final.status != 200:
        raise SystemExit(f"FAIL: INVITE {caller.user} to {callee.user}: {final.to_bytes()}")
    dialog = Dialog.of_caller(final)
    getattr(caller, "send_in_dialog", caller.send_sip)(caller.ua.ack(dialog))
    callee.expect("ACK")
    return dialog, Dialog.of_callee(got, ok)
