# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every hostile token, one REGISTER each; see README.md."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter

from hostile.keys import unb64
from hostile.world import SCOPE, USERS, Case
from scene import Phone, Scene, until
from wic import WicClosed

scene = Scene()
FOLDER = os.environ["HOSTILE"]
FAMILIES = {name: [Case(*row) for row in rows]
            for name, rows in json.load(open(f"{FOLDER}/cases.json", encoding="utf-8")).items()}
# A b64token can stand by itself; everything else needs quotes.
PLAIN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
TOKENS = json.load(open(f"{FOLDER}/good.json", encoding="utf-8"))
phones = {}


def outcomes():
    """{outcome: "401 Unauthorized"}"""
    text = subprocess.run([f"{scene.top}/build/bin/wims", "outcomes"], check=True, capture_output=True,
                          text=True).stdout
    return dict(line.split(" ", 1) for line in text.splitlines())


ANSWERS = outcomes()


def page(wwsf):
    """A WIC of that web page, on a WebSocket that is used again."""
    if wwsf not in phones:
        phones[wwsf] = Phone(scene, USERS.get(wwsf, "alice"), origin=f"https://{wwsf}.test").connect()
    return phones[wwsf]


def authorization(token, n):
    """Both forms in turn, where both are possible."""
    if PLAIN.fullmatch(token) and n % 2:
        return f"Bearer {token}"
    return f'Bearer access_token="{token}"'


def expected_challenge(wwsf, outcome):
    """WWW-Authenticate of a 401, or none."""
    if not ANSWERS[outcome].startswith("401"):
        return None
    error = "invalid_scope" if outcome == "scope_missing" else "invalid_token"
    return f'Bearer realm="ims.test",authz_server="https://{wwsf}.test",scope="{SCOPE}",error="{error}"'


def refused(case, n):
    """One REGISTER that must be refused; what was told."""
    outcome = case.told or case.outcome
    phone = page(case.wwsf)
    request = phone.ua.register(headers=[("Authorization", authorization(case.token, n))])
    try:
        answer = phone.ask(request)
    except WicClosed as end:
        scene.ok(False, f"{case.name} is answered", end)
        phones.pop(case.wwsf).drop()
        return outcome
    scene.eq(answer.start, f"SIP/2.0 {ANSWERS[outcome]}", f"{case.name}: answer")
    scene.eq(answer.get("WWW-Authenticate"), expected_challenge(case.wwsf, outcome), f"{case.name}: challenge")
    return outcome


def counters():
    """All of the module's."""
    return {name: int(value) for name, value in re.findall(r"webrtc_ims:(\w+) = (\d+)",
                                                           scene.rpc("stats.get_statistics", "webrtc_ims:"))}


def sendable(case):
    """Neither a border of one second nor octets that no SIP message has."""
    return not case.exact and case.told != "-"


def accepted(case):
    """Must it register?"""
    return case.outcome == "ok" and not case.told


def memory():
    """(bytes of shared memory in use, most private bytes in use of a worker)"""
    shared = int(re.search(r"real_used: (\d+)", scene.rpc("core.shmmem")).group(1))
    return shared, max(int(n) for n in re.findall(r"\breal_used: (\d+)", scene.rpc("pkg.stats")))


def serve(good, what):
    """A good WIC refreshes with a token that is new."""
    scene.eq(good.register(token=TOKENS.pop()).status, 200, what)


def refuse_family(name, good):
    """All of a family; a good WIC is served behind it."""
    before = counters()
    wanted = Counter(refused(case, n) for n,
                     case in enumerate(FAMILIES[name]) if sendable(case) and not accepted(case))
    after = counters()
    scene.eq({key: after[key] - before[key] for key in wanted}, dict(wanted), f"{name}: counters")
    serve(good, f"{name}: a good WIC afterwards")
    return sum(wanted.values())


def subject(case):
    """sub of a good token: a connection belongs to one."""
    return json.loads(unb64(case.token.split(".")[1]))["sub"]


def controls():
    """What must be accepted, on one WebSocket for each user."""
    count = 0
    for case in (case for rows in FAMILIES.values() for case in rows if sendable(case) and accepted(case)):
        key = (case.wwsf, subject(case))
        if key not in phones:
            phones[key] = Phone(scene, USERS[case.wwsf], origin=f"https://{case.wwsf}.test").connect()
        answer = phones[key].ask(phones[key].ua.register(headers=[("Authorization",
            authorization(case.token, count))]))
        scene.eq(answer.status, 200, f"{case.name} registers")
        count += 1
    return count


def key_files(good):
    """Reloads that must fail: every other file, for each takes its time."""
    said = {name: says for name, says in json.load(open(f"{FOLDER}/keys.json", encoding="utf-8")).items() if says}
    some = list(said.items())[::2]
    for name, says in some:
        shutil.copy(f"{FOLDER}/{name}.json", os.environ["PROVISIONING"])
        answer = scene.rpc_all("webrtc_ims.reload")
        scene.ok("error: 500" in answer and says in answer, f"key file {name} is refused", answer)
    serve(good, "the old keys go on")
    return len(some)


def altered(good):
    """A good token that all workers have in their cache, spelled otherwise."""
    token = TOKENS.pop()
    scene.eq(good.register(token=token).status, 200, "the token as it is")
    text, _, signature = token.rpartition(".")
    others = [f"{text}.{signature[:n]}{'A' if letter != 'A' else 'B'}{signature[n + 1:]}" for n,
              letter in enumerate(signature)]
    others += [token + "=", token + "A", token[:-1], f"{token}.", token.replace(".", "..", 1)]
    told = Counter(good.register(token=other).start for other in others)
    scene.eq(dict(told), {"SIP/2.0 401 Unauthorized": len(others)}, "the same token, spelled otherwise")
    scene.eq(good.register(token=token).status, 200, "the token as it is, again")
    return len(others)


def flat(start, after):
    """Memory is as full as before, once tm has let go."""
    until(10, lambda: memory()[0] - start[0] < 32 * 1024)
    end = memory()
    print(f"   shared memory {start[0]} bytes before, {end[0]} after {after}; "
          f"private memory of the fullest process {start[1]} and {end[1]}", flush=True)
    scene.ok(end[0] - start[0] < 32 * 1024, "shared memory is flat", end[0] - start[0])
    scene.ok(end[1] - start[1] < 32 * 1024, "private memory is flat", end[1] - start[1])


scene.part("each web page opens a WebSocket, which takes memory of its own; then the families")
wic = Phone(scene, "wic1", origin="https://shop.test").connect()
serve(wic, "a good WIC beforehand")
for each in {case.wwsf: case for rows in FAMILIES.values() for case in rows if not accepted(case)}.values():
    refused(each, 0)
seen = scene.seen("REGISTER")
start = memory()
sent = 0
for family in FAMILIES:
    sent += refuse_family(family, wic)
scene.eq(scene.seen("REGISTER") - seen, len(FAMILIES), "REGISTERs that the core saw, all of the good WIC")
print(f"   {sent} refused", flush=True)
flat(start, f"{sent} refusals")

scene.part("a token in the cache")
print(f"   {altered(wic)} refused", flush=True)

scene.part("the controls")
seen = scene.seen("REGISTER")
count = controls()
scene.eq(scene.seen("REGISTER") - seen, count, "REGISTERs that the core saw, all of the controls")
print(f"   {count} accepted", flush=True)

scene.part("key files")
print(f"   {key_files(wic)} refused", flush=True)
scene.done()
