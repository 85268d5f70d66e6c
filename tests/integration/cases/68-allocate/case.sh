#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

EXPECT_DEATH=yes # one that the case causes

start_core
make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "register": "start", "pilot": "sip:range1@ims.test",
   "impi": "range1@ims.test", "allocate": {"pattern": "sip:range1-{000..004}@ims.test"},
   "quarantine": 2, "users": ["*@sales.acme.test"]},
  {"range": "sip:range3-![0-9]{3}!@ims.test", "register": "first", "pilot": "sip:range3@ims.test",
   "impi": "range3@ims.test", "allocate": {"pattern": "sip:range3-{1..2}{00..09}@ims.test"},
   "claim": {"name": "department", "values": ["labs", "research"]}},
  {"range": "sip:range2-!.*!@ims.test", "register": "first", "impi": "range2@ims.test",
   "allocate": {"list": ["sip:range2-ann@ims.test", "sip:range2-ben@ims.test"]}, "quarantine": 0,
   "users": ["vip-*@ims.test"]},
  {"range": "sip:range4-!.*!@ims.test", "register": "first", "pilot": "sip:range4@ims.test",
   "impi": "range4@ims.test", "allocate": {"pattern": "sip:range4-{0..9}@ims.test"},
   "users": ["vip-*@ims.test", "anonymous@anonymous.invalid"]},
  {"range": "sip:range6-!.*!@ims.test", "register": "start", "impi": "range6@ims.test",
   "allocate": {"pattern": "sip:range6-{00..15}@ims.test"}, "quarantine": 0, "users": ["crowd*"]},
  "sip:shop-!.*!@ims.test"]' anonymous=true 'impis=["*@ims.test"]' dereg_grace=0
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene allocate.py "PROVISIONING=$PROVISIONING"
expect_log edge 'range sip:range1-!\.\*!@ims\.test of shop has no IMPU left'
expect_eq "$(core leaks)" 0 'tokens that reached the core'
# The core's own processes complain of each other when one is killed.
refuse_log edge 'CRITICAL: [^<]|ALERT'
stop edge

start_redis reg single
echo "1:$(openssl rand -hex 32)" >"$RUN_DIR/flow.keys"
SHARED=("PROVISIONING=$PROVISIONING" "REGISTRAR=$REDIS_ADDRESS" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" NODE_ID=1)
start_epcscf edge "${SHARED[@]}"
run_scene shared.py TURN=first "EDGE_PID=${PID_OF[edge]}"
stop edge KILL || true
start_epcscf edge "${SHARED[@]}"
run_scene shared.py TURN=again
expect_eq "$(core leaks)" 0 'tokens that reached the core'
# The core's own processes complain of each other when one is killed.
refuse_log edge 'CRITICAL: [^<]|ALERT'
