# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The registrar is away; a node dies and comes back."""

import time

from forking import Caller
from nodes import Nodes
from wic import WicTimeout

scene = Nodes()
here, there = scene.at(1), scene.at(2)
BOB, EVE, ANN = (f"sip:range1-{name}@ims.test" for name in ("bob", "eve", "ann"))
one, two = here.wic("range1-bob"), there.wic("range1-bob")
eve, ann = there.wic("range1-eve"), here.wic("range1-ann")
caller = Caller(here)


def sends(phone, want, what):
    """A request of a WIC: 404 of the core says that it went there."""
    message = phone.ua.message("sip:nobody@ims.test", "hi")
    answer = phone.ask(message)
    scene.eq(answer.status in (404, 480, 604), want, f"{what}: {answer.start}")
    return answer.status


def busy(phone, what):
    """It rings, and is busy."""
    phone.reply(scene.rings(phone, what, 0), 486)
    phone.expect("ACK")


def rings(impu, *phones):
    """One more call: at how many of these does it ring?"""
    invite, rang = caller.call(impu), 0
    for phone in phones:
        try:
            phone.reply(phone.expect("INVITE", 0.5), 486)
            phone.expect("ACK")
            rang += 1
        except WicTimeout:
            pass
    caller.ends(invite)
    return rang


scene.part("a request of a WIC: the registrar is asked")
sends(one, True, "of one who is registered")
entry = next(key for key in scene.redis("cli", "r1", "keys", "wims:*:e:*").splitlines() if key.endswith(ANN))
scene.redis("cli", "r1", "del", entry)
status = ann.ask(ann.ua.message("sip:nobody@ims.test", "hi")).status
scene.eq(status, 403, "of one whom the registrar does not know any more")
scene.comes(1, lambda: int(scene.redis("cli", "r1", "exists", entry)), "entry that is made again", 2)
sends(ann, True, "when the registrar knows of it again")

scene.part("the registrar is frozen: what this node knows")
local = here.counter("registrar_local")
scene.redis("freeze", "r1")
invite = caller.call(BOB)
busy(one, "who is here")
scene.eq(caller.ends(invite).status, 486, "INVITE while the registrar is frozen")
scene.quiet((two,), "who is at the other node, while nobody can say so")
began = time.monotonic()
scene.eq(caller.ends(caller.call(EVE)).status, 480, "INVITE for one who is not here")
scene.ok(time.monotonic() - began < 1, "seconds without the registrar", time.monotonic() - began)
sends(one, True, "while the registrar is frozen")
scene.ok(here.counter("registrar_local") >= local + 3, "requests that were judged without it are counted")
scene.redis("thaw", "r1")


scene.comes(2, lambda: rings(BOB, one, two), "WICs that ring when the registrar is back", 10)

scene.part("the other node is killed")
command = there.kill()
died = time.monotonic()
invite = caller.call(BOB)
busy(one, "who is left, just after")
scene.eq(caller.ends(invite).status in (480, 486), True, "INVITE just after")
scene.ok(time.monotonic() - died < 3, "seconds that a dead node holds up a call", time.monotonic() - died)


def sent_on():
    """How many requests went to the dead node just now."""
    before = here.counter("peer_requests")
    invite = caller.call(EVE)
    scene.eq(caller.ends(invite).status, 480, "INVITE for one at the dead node")
    return here.counter("peer_requests") - before


scene.comes(0, sent_on, "requests that still go to the dead node", 8)
scene.ok(time.monotonic() - died < 8, "seconds until it counts no more", time.monotonic() - died)
invite, began = caller.call(BOB), time.monotonic()
busy(one, "who is left")
scene.eq(caller.ends(invite).status, 486, "INVITE without the dead node")
scene.ok(time.monotonic() - began < 1, "seconds of that call", time.monotonic() - began)

scene.part("it is started again: what it had counts no more")
there.start_again(command)
before = here.counter("peer_requests")
scene.eq(caller.ends(caller.call(EVE)).status, 480, "INVITE for one who was there before")
scene.eq(here.counter("peer_requests"), before, "requests sent on for him")
eve = there.wic("range1-eve")
scene.comes(1, lambda: rings(EVE, eve), "who is registered there anew rings")
scene.leave(one, eve, ann)
scene.done()
