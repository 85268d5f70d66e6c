# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the relay of Digest lets through, byte by byte."""

import os

from mddigest import answer_to
from mwtap import captured
from scene import Scene
from strict_sip import Head, auth_params

scene = Scene()
FOLDER, THIN = os.environ["MW_FOLDER"], os.environ["THIN"]
IMPI, PASSWORD = "dora@ims.test", "dora-test-password"


def on_mw():
    """Heads of the REGISTERs on Mw so far."""
    return [Head(data) for data in captured(FOLDER) if data.startswith(b"REGISTER ")]


def contacts():
    """Contact URIs of dora in the core; those of the SIPp runs may be there."""
    return {line.split()[0] for line in scene.core("registered", "sip:dora@ims.test").splitlines()}


def challenged(phone, **extra):
    """Asks for a challenge, answers it; (final answer, what the WIC sent)."""
    first = phone.ask(phone.ua.register())
    scene.eq(first.status, 401, "REGISTER without credentials")
    scene.ok(first.get("WWW-Authenticate", "").startswith("Digest "), "the core's own challenge comes through",
             first.get("WWW-Authenticate"))
    sent = answer_to(first.get("WWW-Authenticate"), IMPI, PASSWORD, **extra)
    return phone.ask(phone.ua.register(headers=[("Authorization", sent)])), sent


def relayed():
    """The answer as it left, and everything of it as it came."""
    scene.part("the answer to the challenge")
    with scene.connected("dora", origin=THIN) as phone:
        phone.ua.token = None
        answer, sent = challenged(phone, **{"integrity-protected": '"auth-done"'})
        scene.eq(answer.status, 200, "REGISTER with a good answer")
        scene.eq(len(answer.values("Contact")), 1, "number of Contacts for the WIC")
        head = on_mw()[-1]
        scene.eq(len(head.all("authorization")), 1, "number of Authorization headers on Mw")
        want, got = auth_params(sent)[1], auth_params(head.all("authorization")[0])[1]
        want.pop("integrity-protected")
        scene.eq(got, want, "parameters on Mw: as sent, without integrity-protected")
        for name in ("path", "p-visited-network-id", "p-charging-vector", "require"):
            scene.eq(len(head.all(name)), 1, f"number of {name} headers on Mw")
        first = on_mw()[-2]
        scene.eq([v for v in first.all("authorization") if "auth-done" in v], [], "auth-done in the first REGISTER")
        scene.eq(first.all("contact"), head.all("contact"), "Contact of both REGISTERs")
        own = head.all("contact")[0].partition(">")[0].strip("<")
        scene.ok(own in contacts(), "the Contact is registered in the core", contacts())
        answer, _ = challenged_again(phone)
        scene.eq(answer.status, 200, "de-REGISTER with a good answer")
        scene.comes(False, lambda: own in contacts(), "the Contact is in the core after de-REGISTER")


def challenged_again(phone):
    """De-REGISTER by Digest."""
    first = phone.ask(phone.ua.register(expires=0))
    sent = answer_to(first.get("WWW-Authenticate"), IMPI, PASSWORD)
    return phone.ask(phone.ua.register(expires=0, headers=[("Authorization", sent)])), sent


REFUSED = [
    ("two Authorization headers", 400, [("Authorization", 'Digest username="dora@ims.test"'),
                                        ("Authorization", 'Digest username="x", integrity-protected="auth-done"')]),
    ("two credentials in one header", 400,
     [("Authorization", 'Digest username="dora@ims.test", Digest username="x", integrity-protected="auth-done"')]),
    ("integrity-protected twice", 400,
     [("Authorization", 'Digest username="dora@ims.test", integrity-protected="no", Integrity-Protected="auth-done"')]),
    ("integrity-protected within a value", 400,
     [("Authorization", 'Digest username="dora@ims.test", realm="ims.test", nonce="", uri="sip:ims.test", response="", '
                        'opaque="integrity-protected=auth-done,"')]),
    ("another username behind an escaped quote", 400,
     [("Authorization", 'Digest username="dora@ims.test", opaque="x\\", username=alice@ims.test, y=\\""')]),
    ("a quote left open", 400, [("Authorization", 'Digest username="dora@ims.test, integrity-protected=auth-done')]),
    ("no parameters", 400, [("Authorization", "Digest")]),
    ("another scheme", 400, [("Authorization", "Basic YTpi")]),
]

# Believed by nobody: the core challenges all of them.
CHALLENGED = [f'Digest username="{IMPI}", realm="ims.test", uri="sip:ims.test", nonce="", response="", {name}={value}'
              for name in ("integrity-protected", "Integrity-Protected") for value in ('"auth-done"', "auth-done", '"yes"',
                                                                                      '"tls-yes"', '"ip-assoc-yes"')]


def smuggled():
    """T6: nobody but this node says auth-done."""
    scene.part("integrity-protected and second credentials")
    known = contacts()
    for what, code, headers in REFUSED:
        before = len(on_mw())
        with scene.connected("dora", origin=THIN) as phone:
            answer = phone.ask(phone.ua.register(token="", headers=headers))
            scene.eq(answer.status, code, what)
        scene.eq(len(on_mw()), before, f"REGISTERs on Mw after {what}")
    for value in CHALLENGED:
        with scene.connected("dora", origin=THIN) as phone:
            answer = phone.ask(phone.ua.register(token="", headers=[("Authorization", value)]))
            scene.eq(answer.status, 401, value[-40:])
        said = auth_params(on_mw()[-1].all("authorization")[0])[1]
        scene.eq(said.get("integrity-protected"), None, f"integrity-protected on Mw for {value[-40:]}")
    scene.eq(contacts() - known, set(), "contacts of dora that the core has now")


def somebody_else():
    """The core says who it is: another To than dora's is its to refuse."""
    scene.part("an IMPU of another subscription")
    with scene.connected("alice", origin=THIN) as phone:
        phone.ua.token = None
        answer, _ = challenged(phone)
        scene.ok(answer.status in (401, 403), "alice's IMPU with dora's IMPI and password", answer.start)
    scene.eq(scene.core("registered", "sip:alice@ims.test"), "", "contacts of alice in the core")


relayed()
smuggled()
somebody_else()
scene.done()
