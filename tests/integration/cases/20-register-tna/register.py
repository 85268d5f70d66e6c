# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a registration by token looks like to the WIC and to the core."""

import re

from scene import Scene
from wic.sip import header_param

CORE_MIN = 600  # modparam core_min_expires
SLACK = 5       # s that a run may take between asking and looking

scene = Scene()


def in_core(user):
    """(Contact URI, seconds left, Path) of each contact that the core has."""
    lines = scene.core("registered", f"sip:{user}@ims.test").splitlines()
    return [(line.split()[0], int(line.split()[1]), line.split(None, 2)[2]) for line in lines]


def granted(answer):
    """Seconds that the WIC was told; -1 without a Contact."""
    return int(header_param(answer.get("Contact") or "", "expires") or -1)


def jti_of(user):
    """How many bindings each of the tokens stands for."""
    return scene.rpc("webrtc_ims.bindings", "impu", f"sip:{user}@ims.test").count("connection:")


def within(got, low, high, what):
    """low <= got <= high."""
    scene.ok(low <= got <= high, what, f"{got}, expected {low}..{high}")


def first(phone):
    """The first REGISTER: 600 s wished, 120 s of token."""
    scene.part("first REGISTER")
    phone.ua.token = scene.token("wic3", "--exp-in", "120")
    answer = phone.register(expires=600)
    scene.eq(answer.status, 200, "REGISTER")
    scene.eq(len(answer.values("Contact")), 1, "number of Contacts for the WIC")
    scene.eq(answer.get("Contact", "").partition(">")[0] + ">", phone.ua.contact, "Contact for the WIC")
    scene.ok(phone.ua.instance in answer.get("Contact", ""), "the WIC's instance is in its Contact",
             answer.get("Contact"))
    within(granted(answer), 120 - SLACK, 120, "interval for the WIC, of a token that lives 120 s")
    scene.eq(answer.get("Path"), None, "Path for the WIC")
    scene.ok(re.match(r"<sip:orig@[0-9.:]+;lr>$", answer.get("Service-Route", "")),
             "the core's Service-Route reaches the WIC", answer.get("Service-Route"))
    scene.eq(answer.values("P-Associated-URI"), ["<sip:wic3@ims.test>"], "P-Associated-URI")
    contacts = in_core("wic3")
    scene.eq(len(contacts), 1, "number of contacts in the core")
    contact, left, path = contacts[0]
    within(left, CORE_MIN - SLACK, CORE_MIN, "interval in the core, at least its minimum")
    scene.ok(re.match(rf"sip:[0-9a-f]{{24}}@{scene.mw[0]}:{scene.mw[1]}$", contact),
             "the core's Contact is the eP-CSCF's", contact)
    scene.ok(re.match(rf"<sip:[\w-]{{32}}@{scene.mw[0]}:{scene.mw[1]};lr;ob>$", path),
             "Path is the eP-CSCF's with a flow token", path)
    return contact, answer


def refresh(phone, contact, before):
    """A fresh token on the same WebSocket, then the same one again."""
    scene.part("refresh with a fresh token on the same WebSocket")
    phone.ua.token = scene.token("wic3", "--exp-in", "900")
    answer = phone.register(expires=700)
    scene.eq(answer.status, 200, "refresh")
    scene.eq(granted(answer), 700, "interval for the WIC, shorter than the token lives")
    contacts = in_core("wic3")
    scene.eq([c[0] for c in contacts], [contact], "Contact in the core after the refresh")
    within(contacts[0][1], 700 - SLACK, 700, "interval in the core")
    scene.eq(answer.get("Service-Route"), before.get("Service-Route"), "Service-Route")
    scene.eq(phone.register(expires=700).status, 200, "refresh with the same token once more")
    phone.ua.token = scene.token("wic3")
    request = phone.ua.register(token="", headers=[
        ("Authorization", f'Bearer access_token="{phone.ua.token}"')])
    scene.eq(phone.ask(request).status, 200, 'refresh with Bearer access_token="..."')
    scene.eq(jti_of("wic3"), 1, "number of bindings")


def intervals():
    """Where the wish stands, and what it may be."""
    scene.part("intervals")
    phone = scene.connected("wic4")
    contact = f'{phone.ua.contact};+sip.instance="{phone.ua.instance}";reg-id=1;expires=333'
    scene.eq(granted(phone.register(expires=444, contact=contact)), 333,
             "interval where Contact and Expires differ")
    request = phone.ua.register()
    answer = phone.ask(request.remove("Expires"))
    within(granted(answer), 600 - SLACK, 600, "interval where the WIC names none")
    phone.ua.token = scene.token("wic4", "--exp-in", "600")
    within(granted(phone.register(expires=999999)), 600 - 2 * SLACK, 600, "interval of a greedy WIC")
    phone.ua.token = scene.token("wic4", "--exp-in", "7200")
    scene.eq(granted(phone.register(expires=999999)), 3600, "interval at most max_expires")


def leave(phone):
    """De-REGISTER: this one only, the WebSocket stays."""
    scene.part("de-REGISTER")
    second = scene.phone("wic3", timeout=5)
    scene.eq(len(in_core("wic3")), 2, "number of contacts with a second device")
    answer = phone.register(expires=0)
    scene.eq(answer.status, 200, "de-REGISTER")
    scene.eq(answer.values("Contact"), [], "Contacts for the WIC that left, also of its other device")
    scene.comes(1, lambda: len(in_core("wic3")), "number of contacts that the other device keeps")
    scene.eq(phone.register(expires=0).status, 200, "de-REGISTER of what is not registered")
    scene.eq(phone.register().status, 200, "REGISTER again on the same WebSocket")
    answer = second.ask(second.ua.register(expires=0, contact="*"))
    scene.eq(answer.status, 200, "de-REGISTER of all (Contact: *)")
    scene.comes(0, lambda: len(in_core("wic3")), "number of contacts in the core after Contact: *", 8)
    scene.comes(0, lambda: jti_of("wic3"), "number of bindings after Contact: *")
    phone.drop()
    second.drop()


wic = scene.connected("wic3")
refresh(wic, *first(wic))
intervals()
leave(wic)
scene.comes(0, lambda: scene.stats()["pending"], "number of open REGISTER transactions")
scene.done()
