# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ranges that are registered when the first WIC comes."""

import time

from scene import Scene, until

scene = Scene()
PILOT, WILDCARD = "sip:range1@ims.test", "sip:range2-!.*!@ims.test"


def state(wildcard):
    """What webrtc_ims.ranges says of it."""
    rows = scene.rpc("webrtc_ims.ranges").split("}")
    row = next((text for text in rows if f"range: {wildcard}\n" in text), "")
    pairs = (line.strip().partition(": ") for line in row.splitlines())
    return {name: value for name, _, value in pairs}


def contacts(impu):
    """Contacts of it in the core."""
    return len(scene.core("registered", impu).splitlines())


def asked(user):
    """A WIC that has sent its REGISTER and does not wait for the answer."""
    wic = scene.connected(user)
    wic.sent = wic.ua.register()
    wic.send_sip(wic.sent)
    return wic


def final(wic, seconds=5):
    """Its final answer."""
    return wic.wait_for(lambda msg: msg.is_response and int(msg.status) >= 200
                        and msg.call_id == wic.sent.call_id, seconds)


scene.part("nobody comes")
scene.eq(scene.seen("REGISTER"), 0, "REGISTERs in the core before the first WIC")
scene.eq(state("sip:range1-!.*!@ims.test").get("state"), "off", "state of the range")

scene.part("the first WIC")
alice = scene.phone("range1-alice")
scene.eq(scene.registers_of(PILOT), 1, "REGISTERs of the pilot")
scene.eq(scene.seen("REGISTER"), 1, "REGISTERs in the core")
scene.ok(alice.ua.service_routes and "sip:orig@" in alice.ua.service_routes[0],
         "Service-Route of the range", alice.ua.service_routes)
bob = scene.phone("range1-bob")
scene.eq(scene.seen("REGISTER"), 1, "REGISTERs in the core after the second WIC")
scene.comes("2", lambda: state("sip:range1-!.*!@ims.test").get("impus"), "IMPUs in the range")

scene.part("20 WICs at once")
crowd = [scene.connected(f"range2-u{i}") for i in range(20)]
for one in crowd:
    one.sent = one.ua.register()
for one in crowd:
    one.send_sip(one.sent)
answers = [final(one).status for one in crowd]
scene.eq(answers, [200] * 20, "answers")
scene.eq(scene.registers_of(WILDCARD), 1, "REGISTERs of the range")
scene.ok(scene.counter("range_waits") >= 2, "some have waited", scene.counter("range_waits"))
scene.eq(scene.counter("range_waiting"), 0, "none waits any more")

scene.part("the last one goes")
for one in crowd[1:]:
    one.close()
scene.comes("1", lambda: state(WILDCARD).get("impus"), "IMPUs in the range")
crowd[0].close()
scene.comes("0", lambda: state(WILDCARD).get("impus"), "IMPUs in the range")
scene.eq(contacts(WILDCARD), 1, "the range is still there in its grace")
back = scene.phone("range2-back")
scene.comes("1", lambda: state(WILDCARD).get("impus"), "IMPUs in the range")
time.sleep(2.5)  # nothing comes of the grace that began before
scene.eq(scene.registers_of(WILDCARD, 0), 0, "de-REGISTERs of a range that is used")
back.close()
scene.comes(0, lambda: contacts(WILDCARD), "contacts of the range in the core", 8)
scene.eq(scene.registers_of(WILDCARD, 0), 1, "de-REGISTERs of the range")
scene.comes("off", lambda: state(WILDCARD).get("state"), "state of the range")
again = scene.phone("range2-again")
scene.eq(scene.registers_of(WILDCARD), 3, "REGISTERs of the range")

scene.part("a token brings it")
PART = "sip:range6-a-!.*!@ims.test"
eve = scene.connected("range6-a-eve")
eve.ua.token = scene.token("range6-a-eve", "--claim", f"range={PART}")
scene.eq(eve.register().status, 200, "REGISTER with a token that brings a range")
scene.eq(scene.registers_of(PART), 1, "REGISTERs of the range that the token brought")
scene.eq(state(PART).get("origin"), "token", "who brought it")
scene.eq(scene.counter("ranges_brought"), 1, "ranges brought by tokens")
eve.close()
scene.comes(1, lambda: scene.registers_of(PART, 0), "de-REGISTERs of it", 8)
scene.comes(0, lambda: scene.counter("ranges_brought"), "ranges brought by tokens")

scene.part("the core does not want it")
refused = asked("nobody-x")
answer = final(refused)
scene.eq(answer.status, 403, "REGISTER in a range that the core does not know")
scene.eq(state("sip:nobody-!.*!@ims.test").get("state"), "refused", "state of the range")

scene.part("the core is silent")
scene.core("crash")
began = time.monotonic()
waiting = [asked(f"range3-10{i}") for i in range(3)]
alice.ask(alice.ua.register())
scene.ok(time.monotonic() - began < 1, "others are served meanwhile", time.monotonic() - began)
for one in waiting:
    answer = final(one)
    scene.eq(answer.status, 503, "answer of who waited")
    scene.ok((answer.get("Retry-After") or "").isdigit(), "Retry-After", answer.get("Retry-After"))
took = time.monotonic() - began
scene.ok(1.5 < took < 4.5, "they have waited for the core and not longer", took)
scene.eq(scene.counter("range_waiting"), 0, "none waits any more")
scene.core("revive")
scene.ok(until(10, lambda: scene.connected("range3-200").register().status == 200),
         "and are served when it is back")
scene.done()
