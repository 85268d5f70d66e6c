# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Users who get their IMPU at a script in a KEMI language."""

from allocating import Allocating

scene = Allocating()
amy = scene.joins("amy")
scene.eq(amy.impu, "sip:range2-ann@ims.test", "the IMPU of the block")
scene.eq(scene.joins("amy").impu, amy.impu, "second device")
scene.refused(scene.user("ben"), 503, "block_used_up")
ghost = scene.user("ghost")
scene.eq(ghost.ask(ghost.ua.register(0)).status, 200, "de-REGISTER of nobody")
scene.done()
