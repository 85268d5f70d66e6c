# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens that must be refused, each with the outcome that it must have, and
controls beside them that must be accepted. See README.md, "hostile"."""
