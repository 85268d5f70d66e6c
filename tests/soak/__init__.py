# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""make soak: docs/benchmarks/soak.md says what it does."""
