#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

start_core
start_redis r single
make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test", "register": "start"},
  {"range": "sip:range6-!.*!@ims.test", "impi": "range6@ims.test", "register": "start", "nodes": [2]},
  {"range": "sip:range4-!.*!@ims.test", "pilot": "sip:range4@ims.test", "impi": "range4@ims.test", "register": "first"}]'
SITE_TAIL='modparam("webrtc_ims", "range_retry_min", 1)'
start_node edge 1 "REGISTRAR=$REDIS_ADDRESS"
start_node two 2 "REGISTRAR=$REDIS_ADDRESS"
run_nodes together.py
refuse_log edge 'CRITICAL'
refuse_log two 'CRITICAL'
run_nodes death.py
run_nodes handover.py
expect_eq "$(core leaks)" 0 'tokens that the core saw'
