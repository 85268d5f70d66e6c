# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Users who get their IMPU at registration."""

import os

from allocating import Allocating
from forking import Caller

scene = Allocating()
SALES = [f"sip:range1-00{n}@ims.test" for n in range(5)]
LABS = [f"sip:range3-{n}0{m}@ims.test" for n in (1, 2) for m in range(10)]
LIST = ["sip:range2-ann@ims.test", "sip:range2-ben@ims.test"]

scene.part("two departments, by domain and by a claim")
amy = scene.joins("amy@sales.acme.test")
scene.ok(amy.impu in SALES, "IMPU of sales", amy.impu)
lab = scene.joins("leo", "--claim", "department=labs")
scene.ok(lab.impu in LABS, "IMPU of the labs", lab.impu)
both = scene.joins("ann@sales.acme.test", "--claim", "department=research")
scene.ok(both.impu in SALES and both.impu != amy.impu, "who is in both has one of the first", both.impu)
scene.eq(scene.refused(scene.user("nobody"), 403, "block_not_entitled").reason, "No Identity For This User", "phrase")

scene.part("the same user has the same IMPU")
scene.eq(scene.gets(amy), amy.impu, "refresh")
second = scene.joins("amy@sales.acme.test", to="sip:%61my@Sales.acme.test")
scene.eq(second.impu, amy.impu, "second device")
scene.eq(len(scene.rows("webrtc_ims.bindings", "impu", amy.impu)), 2, "contacts of that IMPU")
odd = scene.joins("a|b/c+d@sales.acme.test", to="sip:a%7Cb%2Fc+d@sales.acme.test")
again = scene.joins("a|b/c+d@sales.acme.test", to="sip:a%7cb/c%2Bd@sales.acme.test")
scene.eq(again.impu, odd.impu, "a name that has to be escaped, in two spellings")
scene.leaves(again)

scene.part("calls")
caller = Caller(scene)
invite = caller.call(amy.impu)
got = {wic: wic.expect("INVITE") for wic in (amy, second)}
amy.reply(got[amy], 200)
answer = caller.ends(invite)
scene.eq(answer.status, 200, "call to the IMPU")
caller.talk(answer)
scene.eq(second.expect("CANCEL").method, "CANCEL", "the other device stops ringing")
second.reply(got[second], 487)
carol = scene.core_ua("carol")
for of in (amy.ua.impu, amy.impu):
    amy.ua.impu, user = of, amy.ua.impu
    message = amy.ua.message(carol.impu, "hi", headers=[amy.bearer])
    amy.send_sip(message)
    got = carol.expect("MESSAGE")
    carol.reply(got, 200)
    scene.eq(amy.final(message).status, 200, f"MESSAGE from {of}")
    scene.eq(got.values("P-Asserted-Identity"), [f"<{amy.impu}>"], f"asserted identity of {of}")
    amy.ua.impu = user
lost = caller.call(next(impu for impu in SALES if not scene.rows("webrtc_ims.bindings", "impu", impu)))
scene.eq(caller.ends(lost).status, 480, "call to an IMPU that nobody has")

scene.part("who somebody is not")
bindings = scene.stats()["bindings"]
for to, reason in (("sip:amy@sales.acme.test", "to_mismatch"), (amy.impu, "to_mismatch"),
                   ("sip:eve@ims.test", "to_mismatch")):
    eve = scene.user("eve@sales.acme.test", to=to)
    scene.refused(eve, 403, reason)
    scene.eq((eve.wait_close(3) or (0,))[0], 4403, "the WebSocket of a thief is closed")
eve = scene.user("eve@sales.acme.test")
request = eve.ua.register()
request.set("From", f"<sip:amy@sales.acme.test>;tag={eve.ua.reg_tag}")
scene.eq(eve.ask(request).status, 403, "another From")
thief = scene.connected("range1-000")
thief.ua.token = scene.token("range1-000")
scene.refused(thief, 403, "impu_not_entitled")
scene.eq(scene.stats()["bindings"], bindings, "bindings after that")

scene.part("used up, quarantine, free")
dan, fay = scene.joins("dan@sales.acme.test"), scene.joins("fay@sales.acme.test")
scene.eq(sorted({amy.impu, both.impu, odd.impu, dan.impu, fay.impu}), SALES, "all five of the block")
gus = scene.user("gus@sales.acme.test")
refusal = scene.refused(gus, 503, "block_used_up")
scene.ok(int(refusal.get("Retry-After") or 0) > 0, "Retry-After", refusal.get("Retry-After"))
left = dan.impu
scene.leaves(dan)
scene.refused(gus, 503, "block_used_up")
dan = scene.joins("dan@sales.acme.test")
scene.eq(dan.impu, left, "IMPU of who comes back in the quarantine")
scene.leaves(dan)
scene.comes(left, lambda: scene.gets(gus), "IMPU of the next one, after the quarantine")
scene.refused(scene.user("dan@sales.acme.test"), 503, "block_used_up")
fay.drop()
scene.refused(scene.user("dan@sales.acme.test"), 503, "block_used_up")
back = scene.joins("fay@sales.acme.test")
scene.eq(back.impu, fay.impu, "IMPU of who lost the connection")

scene.part("to leave and never have come")
ghost = scene.user("ghost@sales.acme.test")
answer = ghost.ask(ghost.ua.register(0))
scene.eq((answer.status, answer.get("P-Associated-URI")), (200, None), "de-REGISTER of nobody")

scene.part("a list, and the next block")
vips = [scene.joins(f"vip-{n}") for n in range(3)]
scene.eq([vips[0].impu, vips[1].impu], LIST, "the list, in its order")
scene.ok(vips[2].impu.startswith("sip:range4-"), "the third one is in the next block", vips[2].impu)
scene.leaves(vips[0])
scene.eq(scene.joins("vip-2").impu, vips[2].impu, "second device, although the first block has one free")
scene.eq(scene.joins("vip-3").impu, LIST[0], "the next user has it")

scene.part("revoked: the IMPU is in quarantine")
scene.ok("ended: 2" in scene.rpc("webrtc_ims.revoke", "subject", "shop", "amy@sales.acme.test", "60"), "both devices end")
for wic in (amy, second):
    scene.closes(wic, 4401)
scene.eq(scene.user("amy@sales.acme.test").register().status, 401, "REGISTER of a revoked user")
scene.refused(scene.user("hal@sales.acme.test"), 503, "block_used_up")
hal = scene.user("hal@sales.acme.test")
scene.comes(amy.impu, lambda: scene.gets(hal), "IMPU of the next one, after the quarantine")

scene.part("anonymous users are as many as tokens")
NOBODY = "sip:anonymous@anonymous.invalid"
guests = [scene.joins(f"guest{n}", "--impi", f"guest{n}@ims.test", to=NOBODY, sub=False) for n in range(2)]
scene.eq(len({guest.impu for guest in guests}), 2, "IMPUs of two guests")
scene.eq(scene.gets(guests[0]), guests[0].impu, "refresh of a guest")
guests[0].ua.token = scene.token("guest0", "--impi", "guest0@ims.test", sub=False, impu=False)
scene.eq(scene.gets(guests[0]), guests[0].impu, "with a fresher token over the same connection")
other = scene.user("guest0", "--impi", "guest0@ims.test", to=NOBODY, sub=False)
scene.refused(other, 403, "identity_in_use")
scene.refused(scene.user("guest9", "--impi", "guest9@ims.test", to="sip:guest9@ims.test", sub=False), 403, "to_mismatch")

scene.part("more at once than there are IMPUs")
for _ in range(2):
    have = scene.rush([f"crowd{n}" for n in range(24)], 16)
    scene.eq(scene.block("sip:range6-!.*!@ims.test")["free"], 0, "free in a block that is used up")
    scene.leaves(*have)

scene.part("the provisioning gets longer: who is there stays, and is in the new block")
path = os.environ["PROVISIONING"]
with open(path, encoding="utf-8") as file:
    text = file.read()
tag = scene.block("sip:range3-![0-9]{3}!@ims.test")["tag"]
with open(path, "w", encoding="utf-8") as file:
    file.write(text.replace("range3-{1..2}{00..09}", "range3-{0..2}{00..09}"))
scene.rpc("webrtc_ims.reload")
scene.ok(scene.block("sip:range3-![0-9]{3}!@ims.test")["tag"] != tag, "another block")
scene.comes(1, lambda: scene.block("sip:range3-![0-9]{3}!@ims.test")["allocated"], "users of the new block")
scene.eq(scene.gets(lab), lab.impu, "refresh")
scene.eq(scene.joins("leo", "--claim", "department=labs").impu, lab.impu, "second device")
scene.eq(scene.joins("liz", "--claim", "department=labs").impu, "sip:range3-000@ims.test", "the next one")

scene.part("what the core has heard of")
scene.eq(sorted(set(scene.said("REGISTER", "to")) - {carol.impu}),
         ["sip:range1@ims.test", "sip:range2-!.*!@ims.test", "sip:range3@ims.test", "sip:range4@ims.test",
          "sip:range6-!.*!@ims.test"], "identities in its REGISTERs")
scene.done()
