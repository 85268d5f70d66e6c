# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Contact users and Paths of many WICs, registered by several workers."""

import re

from flows import Flows

WICS, WORKERS = 40, 4

flows = Flows()
wics = [flows.connected(f"wic{i}") for i in range(WICS)]
for wic in wics:
    wic.send_sip(wic.ua.register())
for wic in wics:
    flows.ok(wic.recv_sip().status == 200, f"answer to REGISTER of {wic.user}")
found = [flows.contact(wic.user) for wic in wics]
users = [known.contact.partition("sip:")[2].partition("@")[0] for known in found]
flows.eq(len(set(users)), WICS, "different contact users in the core")
flows.ok(all(re.fullmatch("[0-9a-f]{24}", user) for user in users), "contact users of 24 hex digits", users)
flows.eq(len({known.path for known in found}), WICS, "different Paths in the core")
with open(flows.log, encoding="utf-8", errors="replace") as log:
    workers = {line.split("(")[1].split(")")[0] for line in log if "by TNA" in line}
flows.part(f"{WICS} WICs, {len(set(users))} contact users, {len(workers)} workers")
flows.ok(len(workers) >= WORKERS, f"at least {WORKERS} workers took part", sorted(workers))
flows.done()
