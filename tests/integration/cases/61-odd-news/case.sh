#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
export CORE_PORT=${PORT[core]} ICSCF=127.0.0.1:${PORT[core]} SCSCF=127.0.0.1:${PORT[core]}
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "register": "start",
  "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
spawn_sipp news "$TOP/sipp-scenarios/core_reg_event.xml" 127.0.0.1 -p "${PORT[core]}" -m 2
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=1000
wait_sipp news
expect_rpc edge 'state: registered' webrtc_ims.ranges
expect_rpc edge 'version: 7' webrtc_ims.subscriptions
refuse_log edge 'is lost'
expect_log edge 'the core says of sip:range1-!\.\*!@ims\.test: active'
run_scene odd.py
refuse_log edge 'CRITICAL|BUG'
