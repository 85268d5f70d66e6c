#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "register": "start",
  "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
SITE_TAIL='modparam("webrtc_ims", "range_retry_min", 1)
modparam("webrtc_ims", "range_retry_max", 2)'
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=1000
run_scene network.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|BUG'
