#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 2400
. "$(dirname "$0")/../../../integration/lib.sh"

make -C "$TOP" --no-print-directory fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-60}"
