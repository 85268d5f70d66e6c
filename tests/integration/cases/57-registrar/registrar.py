# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The eP-CSCF as registrar: flow table and usrloc hold the same, and the core
hears of none of it."""

import os
import re
import signal

from flows import Flows

GRACE, TAP = 2, int(os.environ["TAP_PID"])
A, B, CAP, RELOAD, END = (f"range1-{name}" for name in ("a", "b", "cap", "reload", "end"))
VIP, WAIT = "range1-vip", "range4-wait"

flows = Flows()


def impu(user):
    return f"sip:{user}@ims.test"


def rows(user):
    """What the flow table has."""
    return flows.rows("webrtc_ims.registrations", impu(user))


def contacts(user):
    """Addresses of that AOR in usrloc, in its order."""
    found, current = [], None
    for line in flows.rpc("ul.dump").splitlines():
        name, _, value = line.strip().partition(": ")
        if name == "AoR":
            current = value
        if name == "Address" and current == impu(user):
            found.append(value)
    return found


def names(user):
    """The contacts of an IMPU, when both tables have the same."""
    ours = sorted(row["contact"] for row in rows(user))
    theirs = sorted(re.match(r"sip:([0-9a-f]{24})@", address)[1] for address in contacts(user))
    return ours if ours == theirs else f"flow table {ours}, usrloc {theirs}"


def count(user, want, what, seconds=5):
    """So many contacts, in both tables."""
    flows.comes(want, lambda: len(names(user)), f"number of contacts: {what}", seconds)


def contact(phone, more="", instance=True):
    """A Contact value of that phone."""
    return phone.ua.contact + (f';+sip.instance="{phone.ua.instance}"' if instance else "") + more


def life():
    flows.part("REGISTER, refresh, de-REGISTER")
    phone = flows.connected(A)
    answer = phone.register(expires=300)
    flows.eq(answer.status, 200, "REGISTER")
    flows.eq(answer.values("Contact"), [contact(phone, ";reg-id=1;expires=300")], "Contact")
    flows.eq(answer.values("P-Associated-URI"), [f"<{impu(A)}>"], "P-Associated-URI")
    flows.eq(answer.get("Path"), None, "Path for the WIC")
    row = rows(A)[0]
    flows.eq((row["q"], row["instance"], row["subject"], row["range"]),
             ("1.000", phone.ua.instance, A, "sip:range1-!.*!@ims.test"), "row of the flow table")
    flows.eq(contacts(A), [f"sip:{row['contact']}@{flows.mw[0]}:{flows.mw[1]}"], "contact in usrloc")
    flows.eq(phone.register(expires=200).status, 200, "refresh")
    flows.eq(names(A), [row["contact"]], "contact after the refresh: the same name")
    flows.ok(190 <= int(rows(A)[0]["expires"]) <= 200, "time left after the refresh")
    answer = phone.register(expires=0)
    flows.eq((answer.status, answer.values("Contact")), (200, []), "de-REGISTER")
    count(A, 0, "after the de-REGISTER")
    flows.eq(phone.register(expires=0).status, 200, "de-REGISTER of what is not registered")
    flows.eq(phone.register().status, 200, "REGISTER again on the same WebSocket")
    count(A, 1, "after that")
    return phone


def refused(phone):
    flows.part("what is refused changes nothing")
    before = names(A)
    answer = phone.register(expires=10)
    flows.eq((answer.status, answer.get("Min-Expires")), (423, "30"), "10 s are too brief")
    for bad in ("", ";q=1.1", ";q=x"):
        value = contact(phone, bad) if bad else f"{contact(phone)}, <sip:b@x.invalid>"
        flows.eq(phone.register(contact=value).status, 400, f"Contact: {value[-24:]}")
    phone.ua.reg_cseq -= 6
    flows.eq(phone.register().status, 500, "a CSeq that was overtaken")
    phone.ua.reg_cseq += 6
    other = phone.ua.token
    phone.ua.token = flows.token(A, "--sub", "somebody-else")
    flows.eq(phone.register().status, 403, "another subject on this WebSocket")
    phone.ua.token = other
    flows.eq(names(A), before, "contacts after all that")


def several():
    flows.part("several contacts: q, cap, Contact: *")
    phones = [flows.connected(CAP) for _ in range(4)]
    for phone, q in zip(phones, (";q=0.3", "", ";q=0.7")):
        answer = phone.register(contact=contact(phone, q))
        flows.eq(answer.status, 200, f"REGISTER{q}")
        flows.eq(answer.values("Contact"), [contact(phone, f"{q};expires=600")],
                 "Contact: its own alone, with its q")
    answer = phones[3].register()
    flows.eq((answer.status, bool(answer.get("Retry-After"))), (503, True), "a fourth contact")
    flows.eq({row["instance"]: row["q"] for row in rows(CAP)},
             {phones[0].ua.instance: "0.300", phones[1].ua.instance: "1.000",
              phones[2].ua.instance: "0.700"}, "q of those that are there")
    flows.eq(phones[0].register(contact=contact(phones[0], ";q=0.9")).status, 200, "refresh with another q")
    count(CAP, 3, "with the cap reached")
    flows.eq(flows.rows("webrtc_ims.lookup", impu(CAP))[0]["contacts"], 3, "contacts by lookup")
    answer = phones[1].register(expires=0, contact="*")
    flows.eq((answer.status, answer.values("Contact")), (200, []), "Contact: *")
    count(CAP, 0, "after Contact: *")
    flows.eq(phones[3].register().status, 200, "now there is room")
    for phone in phones:
        phone.close()
    count(CAP, 0, "after all have gone", GRACE + 3)


def waited():
    flows.part("the cap, reached by WICs that waited for the same range")
    phones = [flows.connected(WAIT) for _ in range(4)]
    requests = [phone.ua.register() for phone in phones]
    os.kill(TAP, signal.SIGSTOP)
    for phone, request in zip(phones, requests):
        phone.send_sip(request)
    flows.comes(4, lambda: flows.counter("range_waits"), "REGISTERs that wait")
    count(WAIT, 0, "while they wait")
    os.kill(TAP, signal.SIGCONT)
    answers = sorted(phone.final(request).status for phone, request in zip(phones, requests))
    flows.eq(answers, [200, 200, 200, 503], "answers")
    flows.ok(all(phone.quiet(0.05) for phone in phones), "each is answered once")
    count(WAIT, 3, "of those that waited")
    for phone in phones:
        phone.close()


def reloads():
    flows.part("a reloaded page, and a lost connection")
    first = flows.phone(RELOAD)
    name = names(RELOAD)
    second = flows.connected(RELOAD)
    second.ua.instance = first.ua.instance
    flows.eq(second.register().status, 200, "the same instance on another WebSocket")
    flows.eq(names(RELOAD), name, "one contact, with the name that it had")
    first.drop()
    second.drop()
    flows.comes(0, lambda: rows(RELOAD)[0]["connection"], "connection of a contact in its grace")
    flows.eq(names(RELOAD), name, "contact in its grace")
    third = flows.connected(RELOAD)
    third.ua.instance = first.ua.instance
    flows.eq(third.register().status, 200, "REGISTER in the grace")
    flows.eq(names(RELOAD), name, "contact that was taken over")
    fourth = flows.connected(RELOAD)
    for _ in range(2):
        flows.eq(fourth.register(contact=contact(fourth, ";reg-id=1", instance=False)).status, 200,
                 "without an instance the Contact is the device")
    count(RELOAD, 2, "with such a device")
    third.drop()
    fourth.drop()
    count(RELOAD, 2, "in the grace")
    count(RELOAD, 0, "after it", GRACE + 3)


def ends():
    flows.part("the end of a token, and a revocation")
    phone = flows.connected(END)
    phone.ua.token = flows.token(END, "--exp-in", "3")
    answer = phone.register()
    flows.eq(answer.status, 200, "REGISTER with a token for 3 s")
    flows.ok(1 <= int(answer.get("Contact").rpartition("expires=")[2]) <= 3, "granted: no more than that")
    count(END, 1, "before its end")
    flows.closes(phone, 4401, 6)
    count(END, 0, "after its end")
    phone = flows.phone(END)
    flows.rpc("webrtc_ims.revoke", "subject", "shop", END)
    flows.closes(phone, 4401, 3)
    count(END, 0, "after the revocation")
    phone = flows.connected(END)
    flows.eq(phone.register().status, 401, "REGISTER with what is revoked")
    count(END, 0, "after that")


def by_itself():
    flows.part("an IMPU that is registered by itself goes to the core")
    phone = flows.phone(VIP)
    flows.eq(flows.registers_of(impu(VIP)), 1, "REGISTERs in the core")
    flows.eq(contacts(VIP), [], "contacts in usrloc")
    phone.drop()


alice = life()
refused(alice)
several()
waited()
reloads()
ends()
by_itself()
alice.close()
count(A, 0, "of the first one", GRACE + 3)
for user in (A, CAP, WAIT, RELOAD, END):
    flows.eq(flows.registers_of(impu(user)), 0, f"REGISTERs of {user} in the core")
flows.eq(flows.rpc("ul.dump").count("AoR:"), 0, "AORs in usrloc at the end")
flows.done()
