#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# shellcheck source=tests/integration/lib/mwtap.sh
. "$TOP/tests/integration/lib/mwtap.sh"

start_core
start_tap
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "register": "start",
  "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"},
  {"range": "sip:range4-!.*!@ims.test", "register": "first",
  "pilot": "sip:range4@ims.test", "impi": "range4@ims.test"}]' \
  'impus=["sip:range1-vip@ims.test"]' dereg_grace=2 min_remaining=1
SITE_TAIL='modparam("webrtc_ims", "max_contacts", 3)'
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=$TAP"
run_scene registrar.py "TAP_PID=${PID_OF[tap]}"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|ERROR: (webrtc_ims|usrloc)'
