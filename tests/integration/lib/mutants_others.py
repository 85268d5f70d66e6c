# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""COUNT mutated messages of other kinds than mutants.py has, a quarter of each."""

import os
import random
from collections import Counter

from farend import EVIL, FarEnd
from mutate import some_of
from scene import DOMAIN, Phone, Scene
from wic import WicClosed, WicTimeout, new_id
from wic.frames import CLOSE, PING

DIGEST = (f'Digest username="carl@{DOMAIN}", realm="{DOMAIN}", nonce="n", uri="sip:{DOMAIN}", response="0123", algorithm=MD5, '
          'qop=auth, nc=00000001, cnonce="x"')
OF_WIC = [("P-Preferred-Identity", f"<sip:alice@{DOMAIN}>"), ("Privacy", "none"), ("P-Access-Network-Info", "IEEE-802.11"),
          ("Priority", "urgent"), ("Referred-By", "<sip:x@y.test>")]

scene = Scene()
far = FarEnd(scene)
count, seed = int(os.environ["COUNT"]), int(os.environ.get("SEED", "39"))
dice, tally = random.Random(seed), Counter()
workers = scene.rpc("core.psx")


def password_phone():
    """carl, whom the core authenticates."""
    phone = Phone(scene, "carl", origin="https://thin.test").connect()
    phone.ua.token = ""
    return phone


def delivered(phone, data):
    """Sends it; False: the connection has ended, or ends."""
    try:
        phone.send_sip(data)
        phone.send_frame(PING, b"still there")
        while True:
            frame = phone.recv_frame(5)
            if frame.opcode == CLOSE:
                return False
            if frame.opcode == 0xA:
                return True
    except (WicClosed, WicTimeout, OSError, ValueError):
        return False


def requests(kind, fresh, make, by_core=False):
    """Mutated ones of that kind."""
    scene.part(f"{kind}, seed {seed}")
    phone = fresh()
    for what, mutant in some_of(make(phone).to_bytes(), count // 4, dice, seed):
        before = set(far.core.got)
        if not delivered(phone, mutant(make(phone).to_bytes())):
            tally["closed"] += 1
            phone.drop()
            phone = fresh()
        # other REGISTERs are those of this program, or end what a connection had
        for key in sorted(set(far.core.got) - before):
            raw = far.core.got[key]
            if by_core or key[2] != "REGISTER":
                tally[kind] += 1
                far.judge(f"{kind}, {what}", raw, phone.impu, by_core)
    phone.drop()


def asked(phone):
    """A request of the core: as sent, and as it arrived."""
    via = f"SIP/2.0/UDP {far.core.uri[4:]};branch=z9hG4bK{new_id()}"
    request = phone.ua.request("MESSAGE", far.core.contact, from_="<sip:carol@ims.test>;tag=7", to=f"<{phone.impu}>", routes=[far.core.path],
                               headers=[("P-Called-Party-ID", f"<{phone.impu}>"), ("P-Charging-Vector", "icid-value=1")]).set("Via", via)
    far.core.send(request, scene.mw)
    return request, phone.expect("MESSAGE", 10)


def answer(phone, request):
    """A good one, with what must not pass."""
    return phone.ua.answer(request, 200, headers=[("Server", "x"), ("Record-Route", f"<sip:{EVIL};lr>"), ("P-Asserted-Identity", f"<sip:boss@{EVIL}>")])


def answers():
    """Mutated ones."""
    scene.part(f"answers, seed {seed}")
    phone = scene.phone("alice")
    _, got = asked(phone)
    sample = answer(phone, got).to_bytes()
    phone.reply(got, 200)
    for what, mutant in some_of(sample, count // 4, dice, seed):
        request, got = asked(phone)
        if not delivered(phone, mutant(answer(phone, got).to_bytes())):
            tally["closed"] += 1
            phone.drop()
            phone = scene.phone("alice")
            continue
        raw = far.core.finals.get(request.call_id)
        if raw:
            tally["answers"] += 1
            far.judge_answer(what, raw, request, phone.impu)
        else:
            phone.reply(got, 486)
    phone.drop()


requests("MESSAGE", lambda: scene.phone("alice"), lambda phone: phone.ua.message(f"sip:bob@{DOMAIN}", "hi", OF_WIC))
requests("SUBSCRIBE", lambda: scene.phone("alice"), lambda phone: phone.ua.request(
    "SUBSCRIBE", f"sip:bob@{DOMAIN}", headers=[("Contact", phone.ua.contact), ("Event", "reg"), ("Expires", "60")], routes=phone.ua.service_routes))
answers()
scene.comes(0, lambda: scene.stats()["bindings"], "registrations of alice have ended", 10)
far.core.got.clear()
requests("Digest", password_phone, lambda phone: phone.ua.register(headers=[("Authorization", DIGEST)]), by_core=True)
scene.part(f"in numbers: {dict(tally)}")
scene.eq(far.core.strange, [], "what came to the core and is no message")
scene.eq(scene.rpc("core.psx"), workers, "the processes of the eP-CSCF")
for name in ("MESSAGE", "SUBSCRIBE", "Digest", "answers"):
    scene.ok(tally[name] > count // 80, f"the counter-check: some of {name} leave", tally)
scene.done()
