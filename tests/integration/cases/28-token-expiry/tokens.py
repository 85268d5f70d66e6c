# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What both programs of this case do: tokens with a known end."""

import base64
import json
import time

from wic import WicClosed, WicTimeout

LATE = 2.0  # s that an end may be late


def exp_of(token):
    """Its exp claim, seconds since 1970."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]


def until_exp(token, seconds=0.0):
    """Wait until so long after its end."""
    time.sleep(max(0.0, exp_of(token) + seconds - time.time()))


def closed_by_end(scene, wic, end, who):
    """The Close frame comes in time after end."""
    got = wic.wait_close(max(0.0, end - time.time()) + LATE + 1)
    late = time.time() - end
    scene.part(f"{who}: closed {late:.2f} s after the end: {got[0]} {got[1]}")
    scene.eq(got, (4401, "token_expired"), f"close code and reason of {who}")
    scene.ok(-0.01 <= late <= LATE, f"{who} is closed in time", late)
    # a browser forgets code and reason when a second Close frame comes
    try:
        scene.ok(False, f"nothing but the end follows for {who}", wic.recv_frame(1))
    except WicClosed:
        pass
    except WicTimeout:
        scene.ok(False, f"TCP ends after the Close frames of {who}")
