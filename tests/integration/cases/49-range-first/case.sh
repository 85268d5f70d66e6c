#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

SITE_TAIL='modparam("webrtc_ims", "range_grace", 2)
modparam("webrtc_ims", "range_retry_min", 1)
modparam("webrtc_ims", "range_retry_max", 2)
modparam("webrtc_ims", "range_wait_ms", 3000)'
make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "register": "first", "pilot": "sip:range1@ims.test",
   "impi": "range1@ims.test"},
  {"range": "sip:range2-!.*!@ims.test", "register": "first", "impi": "range2@ims.test"},
  {"range": "sip:range3-![0-9]{3}!@ims.test", "register": "first", "pilot": "sip:range3@ims.test",
   "impi": "range3@ims.test"},
  {"range": "sip:nobody-!.*!@ims.test", "register": "first", "impi": "nobody@ims.test"},
  {"range": "sip:range6-!.*!@ims.test", "register": "token", "impi": "range6@ims.test"}]' \
  dereg_grace=0
# the core knows a part of that last one, and only by its own name
sed 's/range6-!/range6-a-!/' "$TOP/tests/lab/core/subscribers.json" >"$RUN_DIR/subscribers.json"
SUBSCRIBERS=$RUN_DIR/subscribers.json start_core
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=2000
run_scene first.py
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'
refuse_log edge 'CRITICAL|BUG'
