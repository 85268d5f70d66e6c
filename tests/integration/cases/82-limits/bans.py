# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad tokens from one address, and who pays for them."""

from scene import Phone, Scene
from wic import WicClosed, WicRefused

STRIKES = 12
EVIL, GOOD, OFFICE = "127.0.0.66", "127.0.0.2", "127.0.0.77"  # OFFICE is exempt

scene = Scene()


def attempt(source):
    """One WebSocket with a bad token: the answer to its REGISTER, or the HTTP status."""
    try:
        with Phone(scene, "alice", source_host=source).connect() as phone:
            return phone.ask(phone.ua.register(token=FORGED)).status
    except WicRefused as refused:
        return refused.status
    except WicClosed as closed:
        return closed.code


bob = scene.phone("bob", source_host=GOOD)
carol = scene.phone("carol", source_host=EVIL)
FORGED = bob.ua.token[:-8] + "AAAAAAAA"
registers = scene.seen("REGISTER")

scene.part("forged tokens")
first = [attempt(EVIL) for _ in range(STRIKES + 1)]
scene.eq(set(first), {401}, "answers before the ban")
for _ in range(3):
    scene.eq(attempt(EVIL), 403, "handshake of the banned address")
scene.eq(scene.counter("bans"), 1, "bans")
scene.eq(scene.count_log("127.0.0.66 is banned for 300 s"), 1, "lines that tell of it")
scene.eq(scene.count_log("refused: address_banned"), 0, "lines for each attempt")
listed = scene.rpc("webrtc_ims.bans")
scene.ok("127.0.0.66" in listed and "why: strikes" in listed, "it is listed", listed)
scene.eq(scene.seen("REGISTER"), registers, "REGISTERs in the core")

scene.part("everybody else")
scene.eq(carol.register().status, 200, "who was registered from there already")
scene.eq(bob.register().status, 200, "another address")
scene.eq(scene.phone("alice", source_host=GOOD).register().status, 200, "a new WIC of another address")
answers = {attempt(OFFICE) for _ in range(STRIKES + 5)}
scene.eq(answers, {401}, "an address that is exempt")

scene.part("by hand")
scene.rpc("webrtc_ims.unban", EVIL)
scene.eq(scene.phone("alice", source_host=EVIL).register().status, 200, "after webrtc_ims.unban")
for wrong in ("1h", "1.5"):
    told = scene.rpc_all("webrtc_ims.ban", GOOD, wrong)
    scene.ok("400" in told and "SECONDS" in told, f"no ban for {wrong}", told)
scene.ok(GOOD not in scene.rpc("webrtc_ims.bans"), "after that it is not banned")
scene.rpc("webrtc_ims.ban", GOOD, "5")
scene.eq(attempt(GOOD), 403, "after webrtc_ims.ban")
for line in (f"{EVIL} is no longer banned, by hand", f"{GOOD} is banned for 5 s by hand"):
    scene.eq(scene.count_log(line), 1, line)
scene.comes(401, lambda: attempt(GOOD), "when that is over", 20)
scene.ok("409" in scene.rpc_all("webrtc_ims.ban", OFFICE), "the exempt one cannot be banned")
scene.done()
