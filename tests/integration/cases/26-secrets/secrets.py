# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that is done with a token, then a search for it; see README.md."""

import base64
import glob
import os
import re

from mwtap import captured
from scene import Scene
from wic import Dialog, WicClosed, WicTimeout

scene = Scene()
FOLDER = os.environ["MW_FOLDER"]
RPCS = [["webrtc_ims.stats"], ["webrtc_ims.wwsf"], ["webrtc_ims.connections"],
        *(["webrtc_ims.bindings", kind, key] for kind, key in (
            ("impu", "sip:alice@ims.test"), ("subject", "alice"), ("impu", "sip:bob@ims.test"))),
        ["stats.get_statistics", "all"], ["core.tcp_list"], ["tls.list"], ["ws.dump"], ["core.psx"],
        ["cfg.list"], ["tm.list"], ["pkg.stats"], ["core.printi", "x"]]

used = []


def token(user, *options):
    """A token that is searched for later."""
    used.append(scene.token(user, *options))
    return used[-1]


def registrations(alice):
    """Both spellings, a refresh, what is refused, a second token beside it."""
    alice.ua.token = token("alice")
    scene.eq(alice.register().status, 200, "REGISTER")
    alice.ua.token = token("alice")
    scene.eq(alice.register(token="", headers=[
        ("Authorization", f'Bearer access_token="{alice.ua.token}"')]).status, 200, "refresh")
    scene.eq(alice.register(headers=[("X-Token", "1"), ("Proxy-Authorization", f"Bearer {alice.ua.token}")]).status,
             200, "REGISTER with the token in Proxy-Authorization too")


def refusals():
    """Each family of outcomes, each with a token in the request."""
    bad = [token("alice", "--now", "1000000000"), token("alice", "--scope", "x"), token("alice", "--claim", "aud=x"),
           token("alice", "--kid", "k9"), token("alice")[:-8] + "AAAAAAAA", token("carol"),
           token("alice", "--claim", 'impi=alice@ims.test"\r\nX: y'), token("alice") + "!", token("alice") + "="]
    used.append(bad[4])
    for each in bad:
        with scene.connected("alice") as phone:
            answer = phone.ask(phone.ua.register(token=each))
            scene.ok(answer.status in (400, 401, 403), "a bad token is refused", answer.start)
    for change in (lambda m: m.replace(b"Contact:", b"X-A: \x01\r\nContact:"), lambda m: m.replace(b"Expires", b"Expi res"),
                   lambda m: m.replace(b"To: <sip:alice", b"To: <sip:%00<"), lambda m: m.replace(b"CSeq: 1", b"CSeq: x"),
                   lambda m: m.replace(b"Via: SIP", b"Via: S;P"), lambda m: m.replace(b"REGISTER sip", b"REGISTER  sip", 1),
                   lambda m: m.replace(b"Bearer ", b"Bearer\r\n "), lambda m: m + b"trailing"):
        with scene.connected("alice") as phone:
            phone.ua.token = token("alice")
            phone.send_sip(change(phone.ua.register().add("Content-Length", 0).to_bytes()))
            try:
                phone.recv_sip(0.5)
            except (WicClosed, WicTimeout):
                pass


def requests(alice, bob):
    """The token on every request, as JsSIP puts it (TS 24.371 7.2.1)."""
    scene.part("MESSAGE and a call with the token on each request")
    mark = [("Authorization", f"Bearer {alice.ua.token}")]
    alice.send_sip(alice.ua.message(bob.impu, "hello", headers=mark))
    got = bob.expect("MESSAGE")
    scene.eq(got.get("Authorization"), None, "Authorization of the MESSAGE at the callee")
    bob.send_sip(bob.ua.answer(got))
    invite = alice.ua.invite(bob.impu, headers=mark)
    alice.send_sip(invite)
    got = bob.expect("INVITE")
    scene.eq(got.get("Authorization"), None, "Authorization of the INVITE at the callee")
    bob.send_sip(bob.ua.answer(got))
    answer = alice.final(invite)
    scene.eq(answer.status, 200, "INVITE")
    dialog = Dialog.of_caller(answer)
    alice.send_sip(alice.ua.ack(dialog, headers=mark))
    ack = bob.expect("ACK")
    scene.eq(ack.get("Authorization"), None, "Authorization of the ACK at the callee")
    bye = alice.ua.bye(dialog, headers=mark)
    alice.send_sip(bye)
    got = bob.expect("BYE")
    scene.eq(got.get("Authorization"), None, "Authorization of the BYE at the callee")
    bob.send_sip(bob.ua.answer(got))
    scene.eq(alice.final(bye).status, 200, "BYE")
    return [m.to_bytes() for m in (ack, got)]


def spellings(secret):
    """Ways in which bytes may have been written down."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for at in range(3):  # base64 at each offset, without its uncertain ends
        yield base64.b64encode(bytes(at) + secret)[4:-4]


def of_tokens():
    """Signature and payload of each token, as text and decoded."""
    found = {}
    for number, each in enumerate(used):
        parts = each.rstrip("=!").split(".")
        for name, part in (("payload", parts[1]), ("signature", parts[2])):
            found[f"{name} of token {number}"] = part[:40].encode()
            found[f"decoded {name} of token {number}"] = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))[:30]
    return found


def of_keys():
    """Private keys line by line, flow keys."""
    found = {}
    for file in (f"{scene.run}/wwsf/key.pem", f"{scene.run}/tls/server.key"):
        with open(file, encoding="ascii") as pem:
            for number, line in enumerate(pem.read().splitlines()[1:-1]):
                if len(line) >= 30:
                    found[f"line {number} of {os.path.basename(file)}"] = line.encode()
    with open(f"{scene.run}/flow.keys", encoding="ascii") as keys:
        text = keys.read().strip().partition(":")[2]
    found["flow key"], found["decoded flow key"] = text.encode(), bytes.fromhex(text)
    return found


def places(extra):
    """Name -> bytes of everything that must not hold a secret."""
    found = {"requests that the callee got": b"\n".join(extra), "Mw": b"\n".join(captured(FOLDER))}
    for file in [scene.log, *glob.glob(f"{scene.run}/core/log/*.log")]:
        with open(file, "rb") as log:
            found[file] = log.read()
    for command in RPCS:
        found[f"rpc {' '.join(command)}"] = scene.rpc(*command).encode()
    return found


def search(where, what):
    """The names of secrets in a place."""
    return [name for name, secret in what.items() if any(form in where for form in spellings(secret) if len(form) > 15)]


def main():
    """Everything, then the search."""
    bob = scene.connected("bob")
    bob.ua.token = token("bob")
    bob.register()
    alice = scene.connected("alice")
    scene.part("REGISTERs, good and bad")
    registrations(alice)
    refusals()
    heard = requests(alice, bob)
    secrets = {**of_tokens(), **of_keys()}
    where = places(heard)
    scene.part(f"{len(secrets)} secrets, {len(where)} places, {sum(map(len, where.values()))} bytes")
    for name, content in where.items():
        scene.eq(search(content, secrets), [], f"secrets in {name}")
        scene.ok(name.startswith("rpc") or len(content) > 500, f"{name} was looked into", len(content))
        scene.eq(re.findall(rb"eyJ[\w-]{8,}|-----BEGIN[^-]*PRIVATE", content), [], f"what looks like a secret in {name}")
    control = {"a token": used[0].encode(), "its bytes in hex": of_tokens()["decoded signature of token 0"].hex().encode(),
               "a key": open(f"{scene.run}/wwsf/key.pem", "rb").read(), "the flow key": open(f"{scene.run}/flow.keys", "rb").read()}
    for name, content in control.items():
        scene.ok(search(content, secrets), f"the search finds {name} where it is")
    scene.done()


main()
