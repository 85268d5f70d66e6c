# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every spelling of every header in every kind of message of a WIC."""

import os
from collections import Counter

from farend import EVIL, FarEnd
from scene import DOMAIN, Scene, until
from spellings import behind_the_head, spellings
from wic import Dialog, WicClosed, WicTimeout

DIGEST = (f'Digest username="boss@{EVIL}", realm="{DOMAIN}", uri="sip:{DOMAIN}", nonce="", response="", '
          'integrity-protected="auth-done"')
HEADERS = {
    "P-Asserted-Identity": f"<sip:boss@{EVIL}>", "P-Served-User": f"<sip:boss@{EVIL}>;sescase=orig",
    "Path": f"<sip:{EVIL};lr>", "Service-Route": f"<sip:{EVIL};lr>", "P-Visited-Network-ID": EVIL,
    "P-Charging-Vector": f"icid-value={EVIL}", "P-Associated-URI": f"<sip:boss@{EVIL}>",
    "P-Access-Network-Info": f"3GPP-E-UTRAN-FDD;utran-cell-id-3gpp={EVIL};network-provided",
    "Authorization": DIGEST, "Proxy-Authorization": DIGEST, "Route": f"<sip:{EVIL};lr>",
}

# With these, also what ends the connection before anybody looks at the name.
EACH = ("P-Asserted-Identity",)

scene = Scene()
far = FarEnd(scene)
core = far.core
tally = Counter()
fatal = set()  # spellings at which Kamailio itself closes the connection, whatever the name is
wic = scene.phone("alice")
dialog = None


def set_up():
    """A call, for re-INVITEs."""
    core.accept = True
    invite = wic.ua.invite(f"sip:bob@{DOMAIN}")
    made = Dialog.of_caller(wic.ask(invite))
    core.accept = False
    wic.send_sip(wic.ua.ack(made))
    return made


def message(kind):
    """One that is good, its Bearer header left out where JsSIP adds it."""
    if kind == "REGISTER":
        return wic.ua.register()
    if kind == "re-INVITE":
        return wic.ua.in_dialog(dialog, "INVITE", [("Contact", wic.ua.contact)])
    if kind == "INVITE":
        return wic.ua.invite(f"sip:bob@{DOMAIN}")
    return wic.ua.message(f"sip:bob@{DOMAIN}", "hi")


def again():
    """A new connection after the eP-CSCF or Kamailio closed the old one."""
    global wic, dialog
    wic.drop()
    wic = scene.phone("alice")
    dialog = set_up()
    tally["closed"] += 1


def answered(request, raw):
    """The final answer, None when there is none."""
    try:
        wic.send_sip(raw)
        final = wic.wait_for(lambda m: m.is_response and m.status >= 200 and (
            m.call_id == request.call_id or m.call_id is None), 0.5)
    except (WicTimeout, WicClosed, OSError, ValueError):
        return None
    if request.method == "INVITE" and final.status >= 300:
        wic.send_sip(wic.ua.ack_failure(request, final))
    return final


def attempt(kind, what, insert, first=False, body=b""):
    """One message with these bytes in its head (or body)."""
    tally[kind] += 1
    if kind == "INVITE" and tally[kind] % 10 == 0:
        again()  # calls that failed count for some seconds
    request = message(kind)
    head, _, rest = request.to_bytes().partition(b"\r\n\r\n")
    start, _, lines = head.partition(b"\r\n")
    raw = (start + b"\r\n" + insert + lines + b"\r\n\r\n" if first else head + b"\r\n" + insert + b"\r\n") + body + rest
    final = answered(request, raw)
    left = far.left(request)
    if final is None:
        tally["no answer"] += 1
        fatal.add(what.partition(" ")[2])
        scene.ok(left is None, f"{kind}, {what}: no answer, and nothing left", left)
        again()
    elif left is None:
        tally["refused"] += 1
        scene.ok(final.status in (400, 403), f"{kind}, {what}: refused", final.start)
    else:
        tally["relayed"] += 1
        far.judge(f"{kind}, {what}", left, wic.impu)
    return final


dialog = set_up()
for kind in ("MESSAGE", "REGISTER", "INVITE", "re-INVITE"):
    scene.part(f"{kind}: {len(spellings('P-X', 'y'))} spellings of {len(HEADERS)} headers")
    for name, value in HEADERS.items():
        for what, insert in spellings(name, value).items():
            if what not in fatal or name in EACH:
                attempt(kind, f"{name} {what}", insert)
        attempt(kind, f"{name} in front", f"{name}: {value}\r\n".encode(), first=True)
        attempt(kind, f"{name} in the body", b"", body=behind_the_head(name, value))
    plain = attempt(kind, "the counter-check", b"Subject: fine\r\n")
    scene.ok(plain and plain.status in (200, 202, 488, 603), f"{kind} without any of it passes", plain)



def answer_with(what, name, insert):
    """A request of the core, answered with that and then as it should be."""
    via = f"SIP/2.0/UDP {core.uri[4:]};branch=z9hG4bK{os.urandom(6).hex()}"
    request = wic.ua.request("MESSAGE", core.contact, from_=f"<sip:bob@{DOMAIN}>;tag=1", to=f"<{wic.impu}>",
                             routes=[core.path]).set("Via", via)
    core.send(request, scene.mw)
    good = wic.ua.answer(wic.expect("MESSAGE", 2), 200).to_bytes()
    wic.send_sip(good.partition(b"\r\n\r\n")[0] + b"\r\n" + insert + b"\r\n")
    wic.send_sip(good)
    raw = until(1, lambda: core.finals.get(request.call_id, b""))
    scene.ok(raw, f"answer, {name} {what}: it or the good one behind it arrives")
    head = raw.partition(b"\r\n\r\n")[0].lower().replace(b"_", b"-").replace(b" ", b"")
    scene.ok(name.lower().encode() + b":" not in head or EVIL.encode() not in head, f"answer, {name} {what}", raw)


scene.part("answers of a WIC")
for name, value in list(HEADERS.items())[:8]:
    for what, insert in spellings(name, value).items():
        if what not in fatal or name in EACH:
            answer_with(what, name, insert)
scene.eq(core.strange, [], "what came to the core and is no message")
scene.part(f"in numbers: {dict(tally)}")
scene.ok(tally["refused"] > 100 and tally["relayed"] > 100, "the counter-check: some are refused, some relayed", tally)
scene.done()
