#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/ranges.sh
. "$TOP/tests/integration/lib/ranges.sh"

start_core
make_ranges_wwsf
SITE_TAIL='modparam("webrtc_ims", "range_grace", 1)' start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene triggers.py
expect_eq "$(core leaks)" 0 'tokens that the core saw'
refuse_log edge 'CRITICAL|ERROR'
