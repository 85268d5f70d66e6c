# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same eP-CSCF without a cache."""

from scene import Scene

scene = Scene()
token = scene.token("alice")
for text, want in ((token, 200), (token, 200), (token[:-8] + "AAAAAAAA", 401), (token, 200)):
    with scene.connected("alice") as phone:
        phone.ua.token = text
        scene.eq(phone.register().status, want, "REGISTER without a cache")
answer = scene.rpc("webrtc_ims.token_cache", "flush")
for line in ("entries: 0", "bytes: 0", "hits: 0", "misses: 0", "size: 0"):
    scene.ok(line in answer, f"the RPC says {line}", answer)
scene.done()
