#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# shellcheck source=tests/integration/lib/mwtap.sh
. "$TOP/tests/integration/lib/mwtap.sh"

start_core
make_wwsf dereg_grace=2
start_tap
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=$TAP"
run_scene grace.py GRACE=2
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
