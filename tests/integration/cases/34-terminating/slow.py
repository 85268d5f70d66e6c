# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""WICs that take longer than CORE_TIMEOUT_MS for an answer, and one that takes longer than WIC_TIMEOUT_MS."""

import time

from forking import Caller, Fork

SLOW = 1.8  # s, between the two
scene = Fork()
caller = Caller(scene)
first, last = scene.wic("range1-bob", "0.9"), scene.wic("range1-bob", "0.1")
other = scene.wic("range1-ann")

scene.part("all of them are slow")
message, invite = caller.call(other.impu, "MESSAGE"), caller.call(first.impu)
at_other, at_first = other.expect("MESSAGE"), first.expect("INVITE")
scene.quiet((caller, last), "while they think", SLOW)
other.reply(at_other, 200)
scene.eq(caller.final(message).status, 200, "MESSAGE")
first.reply(at_first, 486)
first.expect("ACK")
at_last = last.expect("INVITE")
scene.quiet((caller,), "while the last one thinks", SLOW)
last.reply(at_last, 200)
answer = caller.final(invite)
scene.eq(answer.status, 200, "INVITE")
dialog = caller.talk(answer)
last.expect("ACK")

scene.part("a slow end, beside one who says nothing")
bye, message, began = caller.along(caller.ua.bye(dialog)), caller.call(other.impu, "MESSAGE"), time.monotonic()
got = last.expect("BYE")
other.expect("MESSAGE")
scene.quiet((caller,), "while both think", SLOW)
last.reply(got, 200)
scene.eq(caller.final(bye).status, 200, "BYE")
scene.eq(caller.final(message).status, 480, "MESSAGE that is never answered")
took = time.monotonic() - began
scene.ok(3.5 < took < 9, "seconds until it is given up", took)
scene.leave(first, last, other)
scene.done()
