# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests of the core for members of a range that are not there."""

from scene import Scene
from targets import METHODS, RangeCore

scene = Scene()
core = RangeCore(scene)
here = scene.phone("range1-here")
gone = scene.phone("range1-gone")
scene.eq(gone.register(expires=0).status, 200, "de-REGISTER of one who leaves")
lost = scene.phone("range1-lost")
lost.rst()
scene.comes(2, lambda: scene.stats()["connections"], "connections that are left")
WHO = (("never there", 480, "sip:range1-nobody@ims.test"), ("has left", 480, gone.impu), ("is lost", 480, lost.impu),
       ("is in no range", 404, "sip:nobody@ims.test"), ("is elsewhere", 404, "sip:range1-x@other.test"))


def reaches(what, **how):
    """The counter-check: one who is there gets it, and sees himself only."""
    request = core.request("MESSAGE", here.impu, **how)
    core.send_sip(request)
    got = here.expect("MESSAGE")
    here.reply(got, 200)
    scene.eq((got.uri, got.all("Route")), (here.ua.contact.strip("<>"), []), f"Request-URI and Route, {what}")
    scene.eq(core.final(request).status, 200, f"MESSAGE to one who is there, {what}")


def transactions():
    """That tm ever made."""
    return int(scene.rpc("tm.stats").partition("total:")[2].split()[0])


scene.part("one who is registered, as the counter-check")
reaches("by P-Called-Party-ID")
reaches("without Route", path=False)
reaches("by Request-URI", by="uri")

scene.part("every method, every way to be absent, without a transaction")
before, counted = transactions(), {name: scene.counter(name) for name in ("target_unregistered", "target_unknown")}
for who, want, impu in WHO:
    for method in METHODS:
        core.rejected(who, want, impu, method)
    core.rejected(f"{who}, without Route", want, impu, path=False)
    core.rejected(f"{who}, by Request-URI", want, impu, by="uri")
scene.eq(transactions(), before, "transactions for those who are absent")
rejections = len(METHODS) + 2
scene.eq({name: scene.counter(name) - counted[name] for name in counted},
         {"target_unregistered": 3 * rejections, "target_unknown": 2 * rejections}, "outcomes counted")
core.send_sip(core.request("ACK", "sip:range1-nobody@ims.test"))
scene.ok(core.quiet(0.2), "an ACK is not answered")

scene.part("byte for byte")
for method in ("INVITE", "MESSAGE"):
    answers = {}
    for impu in ("sip:range1-nobo@ims.test", gone.impu, lost.impu):
        request = core.request(method, impu, call_id=f"same-{method}", more=[("X-Padding", "x")])
        request.set("Via", f"SIP/2.0/UDP {core.ua.via_host};branch=z9hG4bKsame{method};rport")
        request.set("From", "<sip:caller@other.test>;tag=same")
        answers[impu] = core.bytes_of(impu, request)
    scene.eq(len(set(answers.values())), 1, f"different answers to {method} of never there, left and lost")

scene.part("what is no identity")
for what, value in (("nothing", ""), ("no URI", "<range1-x>"), ("a local number", "<tel:123>"), ("a password", "<sip:range1-x:y@ims.test>"),
                    ("an open bracket", "<sip:range1-x@ims.test"), ("an escaped NUL", "<sip:range1-%00@ims.test>"),
                    ("too long", f"<sip:range1-{'x' * 600}@ims.test>")):
    request = core.request("MESSAGE", here.impu)
    request.set("P-Called-Party-ID", value)
    scene.status(core, request, 400, f"P-Called-Party-ID: {what}")
request = core.request("MESSAGE", here.impu, by="nobody")
scene.status(core, request, 404, "nobody is named")

scene.part("spellings of one identity")
for spelled in ("<sip:%72ange1-here@IMS.test;user=ip>", '"Here" <sip:range1-here@ims.test>;tag=x', "sip:range1-here@ims.test"):
    request = core.request("MESSAGE", here.impu)
    request.set("P-Called-Party-ID", spelled)
    core.send_sip(request)
    here.reply(here.expect("MESSAGE"), 200)
    scene.eq(core.final(request).status, 200, f"MESSAGE to {spelled}")

scene.part("a flow token on top is another matter")
for path in ("x", "AAAA", "0" * 32):
    request = core.request("MESSAGE", here.impu, path=False)
    request.push("Route", f"<sip:{path}@{core.own};lr>")
    scene.status(core, request, 403, f"MESSAGE with {path} on top")

scene.quiet((here,), "the whole time")
scene.done()
