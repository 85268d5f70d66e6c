# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reloads while 32 WICs register; RELOADS of them in SECONDS_OF_LOAD, at
RATE REGISTERs a second."""

import os

from reloads import under_load
from scene import Scene

WICS, ROOM = 32, 64 * 1024
scene = Scene()
users = {f"wic{n}": scene.token(f"wic{n}") for n in range(WICS)}
under_load(scene, os.environ["PROVISIONING"], users, int(os.environ["RATE"]), int(os.environ["RELOADS"]),
           int(os.environ["SECONDS_OF_LOAD"]), ROOM)
scene.done()
