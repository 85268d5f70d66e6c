# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What could come over Mw with forged Paths, contacts and dialog ids. The
sender stands where the S-CSCF stands; only the right one is rung."""

import copy

from dialogs import call
from scene import Scene, Sink
from wic import Mw, Ua, new_id

scene = Scene()
alice, bob = scene.phone("wic4"), scene.phone("wic5")
carol = scene.core_ua("wic6")
sink = Sink()
mw = Mw(peer=scene.mw)
ua = Ua("sip:wic6@ims.test", transport="UDP", via_host=f"{mw.addr[0]}:{mw.addr[1]}",
        contact=f"<sip:wic6@{mw.addr[0]}:{mw.addr[1]}>")
OWN = f"127.0.0.1:{scene.mw[1]}"


def known(impu):
    """(user part of the Contact, Path token) as the core has them."""
    fields = scene.core("registered", impu).split()
    return tuple(uri.partition("sip:")[2].partition("@")[0] for uri in (fields[0], fields[-1]))


def ring(what, want, user, path, method="MESSAGE", routes=(), to=None):
    """One terminating request as the S-CSCF sends it."""
    route = [f"<sip:{path}@{OWN};lr>"] if path else []
    at = f"sip:{user}@{OWN}" if user else f"sip:{OWN}"
    request = ua.request(method, at, to=to or f"<{alice.impu}>", body=b"hi", routes=[*route, *routes],
                         headers=[("Contact", ua.contact), ("Content-Type", "text/plain")])
    answer = scene.status(mw, request, want, f"{method}, {what}")
    if method == "INVITE" and answer:
        mw.send_sip(ua.ack_failure(request, answer))
    return request


def nothing_came(what):
    """At the sink and at the WICs."""
    scene.eq(sink.hits(), [], f"packets at the sink: {what}")
    scene.quiet((alice, bob), what, 0.05)


a_user, a_path = known(alice.impu)
b_user, b_path = known(bob.impu)

scene.part("the counter-check: what the S-CSCF sends arrives, with whatever Routes behind")
for behind in ([], [f"<sip:127.0.0.1:{sink.port};lr>"]):
    request = ua.request("MESSAGE", f"sip:{a_user}@{OWN}", body=b"hi", headers=[("Content-Type", "text/plain")],
                         routes=[f"<sip:{a_path}@{OWN};lr>", *behind])
    mw.send_sip(request)
    got = alice.expect("MESSAGE")
    scene.eq(got.uri, alice.ua.contact.strip("<>"), "Request-URI of the WIC")
    scene.eq(got.all("Route"), [], "Route towards the WIC")
    alice.reply(got, 200)
    scene.eq(mw.final(request).status, 200, "MESSAGE with the right Path")

scene.part("Path tokens")
for method in ("MESSAGE", "INVITE"):
    ring("no Route", 403, a_user, None, method)
    for what, fake in (("half", a_path[:16]), ("twice", a_path * 2), ("a name", "alice"),
                       ("padded", a_path + "="), ("escaped", "%45" + a_path[1:])):
        ring(f"Path: {what}", 403, a_user, fake, method)
for at in range(32):
    ring(f"character {at} of the Path changed", 403, a_user,
         a_path[:at] + ("A" if a_path[at] != "A" else "B") + a_path[at + 1:])
ring("a foreign Route first", 403, a_user, None, routes=[f"<sip:127.0.0.1:{sink.port};lr>", f"<sip:{a_path}@{OWN};lr>"])
nothing_came("forged Path tokens")

scene.part("contacts")
for what, user in (("bob's", b_user), ("none", ""), ("unknown", "0" * 24), ("the user's name", "alice"),
                   ("one digit changed", a_user[:-1] + ("0" if a_user[-1] != "0" else "1")),
                   ("upper case", a_user.upper()), ("longer", a_user + "0"), ("long", "a" * 600)):
    for method in ("MESSAGE", "INVITE"):
        ring(f"contact: {what}", 480, user, a_path, method)
nothing_came("contacts of others")

scene.part("CANCEL of an INVITE that never came (RFC 3261 9.2)")
never = ua.request("INVITE", f"sip:{a_user}@{OWN}", to=f"<{alice.impu}>", routes=[f"<sip:{a_path}@{OWN};lr>"],
                   headers=[("Contact", ua.contact)])
scene.status(mw, ua.cancel(never), 481, "CANCEL of nothing")
nothing_came("CANCEL of nothing")

scene.part("calls")
_, side = call(alice, carol)
ours = side.routes[-1]
token = ours.partition("sip:")[2].partition("@")[0]


def inside(what, want, method="INFO", **changes):
    """A request in alice's call, with changes."""
    dialog = copy.copy(side)
    dialog.routes = [ours]
    for name, value in changes.items():
        setattr(dialog, name, value)
    scene.status(mw, ua.in_dialog(dialog, method, [("Contact", ua.contact)]), want, f"{method}, {what}")


ring("Record-Route token for Path", 403, a_user, token)
for method in ("INFO", "BYE", "INVITE"):
    inside("another tag of alice", 481, method, remote=f"<{alice.impu}>;tag={new_id()}")
    inside("another tag of carol", 481, method, local=f"<{carol.impu}>;tag={new_id()}")
    inside("another Call-ID", 403, method, call_id=new_id())
    inside("no Route", 403, method, routes=[])
    inside("alice's Path for Record-Route", 403, method, routes=[f"<sip:{a_path}@{OWN};lr>"])
    inside("bob's Path for Record-Route", 403, method, routes=[f"<sip:{b_path}@{OWN};lr>"])
inside("the last character changed", 403,
       routes=[f"<sip:{token[:-1]}{'A' if token[-1] != 'A' else 'B'}@{OWN};lr>"])
nothing_came("forged requests of calls")

scene.part("with all of it right it reaches alice, wherever Routes and Request-URI point")
for what, changes in (("plain", {}), ("Route behind ours", {"routes": [ours, f"<sip:127.0.0.1:{sink.port};lr>"]}),
                      ("Request-URI", {"target": f"sip:x@127.0.0.1:{sink.port}"}),
                      ("alias", {"target": f"sip:x@y.invalid;alias=127.0.0.1~{sink.port}~1"}),
                      ("bob's contact", {"target": bob.ua.contact.strip("<>")})):
    side.cseq += 1
    dialog = copy.copy(side)
    dialog.routes = [ours]
    for name, value in changes.items():
        setattr(dialog, name, value)
    request = ua.in_dialog(dialog, "INFO")
    mw.send_sip(request)
    got = alice.expect("INFO")
    alice.reply(got, 200)
    scene.eq(mw.final(request).status, 200, f"INFO, {what}")
    nothing_came(f"INFO, {what}")

scene.part("without a connection")
alice.rst()
scene.comes(1, lambda: scene.stats()["connections"], "connections after RST")
for method in ("MESSAGE", "INVITE"):
    ring("the connection is gone", 430, a_user, a_path, method)
scene.quiet((bob,), "after RST")
scene.done()
