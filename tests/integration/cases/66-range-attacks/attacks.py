# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What users of ranges try with identities of others."""

import threading

from flows import CoreSide, Flows

flows = Flows()
BANK = "https://bank.test"
RANGE2 = "sip:range2-!.*!@ims.test"
VICTIM, MALLORY = "range1-victim", "range1-mallory"


def wic_of(user, *options, origin=None, sub=True):
    """A WIC with a token of that WWSF; options of "wims token mint"."""
    wic = flows.connected(user, **({"origin": origin} if origin else {}))
    wic.ua.token = flows.token(user, *(("--iss", origin) if origin else ()), *options, sub=sub)
    return wic


def aors():
    """AORs in usrloc."""
    return sorted(line.partition("AoR: ")[2].strip() for line in flows.rpc("ul.dump").splitlines() if "AoR:" in line)


def state():
    """What must stay as it is."""
    return aors(), flows.stats()["bindings"], flows.seen("REGISTER")


victim, mallory = flows.phone(VICTIM), flows.phone(MALLORY)
row = flows.bindings(VICTIM)[0]

flows.part("a token of one WWSF for members of another's range, spelled in every way")
before = state()
for impu in ("sip:range1-victim@ims.test", "sip:range1%2Dvictim@ims.test", "sip:%72ange1-victim@IMS.TEST",
             "sip:range1-victim@ims.test:5060", "sip:range1-victim@ims.test;user=phone",
             "sip:range1-victim:secret@ims.test", "sip:range1-victim%00@ims.test", "sip:range1-victim@ims.test.",
             "sip:range1-!.*!@ims.test", "sip:range1%2D%21.%2A%21@ims.test", "sips:range1-victim@ims.test",
             "SIP:range1-victim@ims.test", "sip:range1-victim;x=y@ims.test", "sip:pool1@[::1]",
             "sip:pool1%2Erange1-victim@ims.test", "sip:range1-victim@ims.test?Route=x"):
    thief = wic_of("bank1", "--impu", impu, origin=BANK)
    thief.ua.impu = impu
    answer = thief.register()
    flows.ok(answer.status in (400, 401, 403), f"REGISTER of {impu}", answer.start)
    thief.drop()
flows.eq(state(), before, "tables and core after that")

flows.part("a WIC plays the core: nothing of it counts")
notifies, rows = flows.counter("notifies"), flows.rows("webrtc_ims.ranges")
own = f"127.0.0.1:{flows.mw[1]}"
for headers in ((), (("P-Called-Party-ID", f"<{victim.impu}>"), ("P-Asserted-Identity", f"<{victim.impu}>"),
                     ("P-Profile-Key", "<sip:shop-!.*!@ims.test>"), ("P-Served-User", f"<{victim.impu}>"))):
    for method in ("MESSAGE", "INVITE", "NOTIFY"):
        for uri in (f"sip:{row['contact']}@{own}", f"sip:range@{own}", f"sip:regevent@{own}"):
            request = mallory.ua.request(method, uri, routes=[f"<sip:range@{own};lr>"], headers=[
                ("Contact", mallory.ua.contact), ("Event", "reg"), ("Subscription-State", "terminated;reason=rejected"),
                *headers])
            mallory.send_sip(request)
            answer = mallory.final(request)
            flows.ok(answer.status >= 400, f"{method} {uri}", answer.start)
            if method == "INVITE":
                mallory.send_sip(mallory.ua.ack_failure(request, answer))
flows.quiet((victim,), "forged requests", 1)
flows.eq(flows.counter("notifies"), notifies, "NOTIFYs that were believed")
flows.eq([r["state"] for r in flows.rows("webrtc_ims.ranges")], [r["state"] for r in rows], "states of the ranges")
wish = mallory.ua.message(victim.impu, "hi", headers=[("P-Preferred-Identity", f"<{victim.impu}>"),
                                                      ("P-Profile-Key", "<sip:shop-!.*!@ims.test>")])
mallory.send_sip(wish)
got = victim.expect("MESSAGE")
victim.reply(got, 200)
flows.eq(got.values("P-Asserted-Identity"), [f"<{mallory.impu}>"], "asserted identity of one who prefers another")

flows.part("games with P-Called-Party-ID, by the core")
core = CoreSide(flows)
for called in (("<sip:range1-nobody@ims.test>", f"<{victim.impu}>"), (f"<{victim.impu}", ), ("", ), ("*", ),
               (f"<sip:range1-nobody@ims.test>, <{victim.impu}>", ), ("sip:range1-!.*!@ims.test", ),
               (f"<sip:{'x' * 3000}@ims.test>", )):
    request = core.ua.request("MESSAGE", f"sip:{row['contact']}@{own}", to="<sip:x@ims.test>",
                              routes=[f"<sip:range@{own};lr>"], headers=[("P-Called-Party-ID", v) for v in called])
    answer = core.ask(request)
    flows.ok(400 <= answer.status < 500, f"P-Called-Party-ID {called!r:.80}", answer.start)
flows.quiet((victim, mallory), "requests for nobody")

flows.part("a range that is brought by two spellings is lost as one")
one = wic_of("range2-a", "--claim", f"range={RANGE2}")
two = wic_of("range2-b", "--claim", "range=sip:range2%2D!.*!@ims.test")
flows.eq((one.register().status, two.register().status), (200, 200), "REGISTERs by both spellings")
flows.comes(["2"], lambda: [str(r["impus"]) for r in flows.rows("webrtc_ims.ranges") if r["range"] == RANGE2],
            "IMPUs in it, and no other range")
flows.ok("ok" in flows.rpc_all("webrtc_ims.range", "deregister", RANGE2), "de-registered by hand")
for wic in (one, two):
    flows.eq((wic.wait_close(3) or (0,))[0], 4503, f"the WebSocket of {wic.user} is closed")
flows.comes([], lambda: [aor for aor in aors() if "range2" in aor], "AORs of it in usrloc")
for text in ("sip:range!.*!@ims.test", "sip:range1-!.*!@ims.test", "sip:range2-!(>;x=1|.*)!@ims.test",
             "sip:range2-!.*!@ims.test%0d%0aX:y", "sip:!.*!@ims.test"):
    wide = wic_of("range2-c", "--claim", f"range={text}")
    flows.ok(wide.register().status in (401, 403), f"a token that brings {text}")

flows.part("one anonymous pair, two tokens at the same time")
for i in range(10):
    pair = [wic_of(f"range1-guest{i}", sub=False) for _ in range(2)]
    got = [0, 0]

    def race(n, pair=pair, got=got):
        got[n] = pair[n].register().status

    threads = [threading.Thread(target=race, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flows.eq(sorted(got), [200, 403], "answers to two who want the same")
    flows.eq(len(flows.bindings(f"range1-guest{i}")), 1, "bindings of it")
flows.done()
