# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What both programs of this case share."""

import contextlib
import time

from scene import Phone

LOST = 'SIP;cause=480;text="WebSocket lost"'


def by_close(wic):
    """A page that is closed in good order."""
    wic.close(1001)


LOSSES = (("RST", Phone.rst), ("FIN", Phone.fin), ("Close", by_close))


@contextlib.contextmanager
def in_time(scene, what, seconds=2.0):
    """What happens inside takes no longer than that after what was before."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    scene.ok(took < seconds, f"within {seconds} s of {what}", f"{took:.2f}")
