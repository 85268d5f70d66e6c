#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'scenario=["ims-auth", "web-auth"]' 'impus=["sip:wic*@ims.test"]' 'impis=["wic*@ims.test"]' dereg_grace=1
POOL=https://pool.test
add_wwsf 'name="pool"' 'scenario="pool"' 'domain="ims.test"' "origins=[\"$POOL\"]" "issuer=\"$POOL\"" \
  'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' 'impis=["lobby-*@ims.test"]' \
  'impus=["sip:lobby@ims.test"]'
start_epcscf edge "PROVISIONING=$PROVISIONING" REG_EVENT=2 PING_PERIOD=300
run_scene wics.py "POOL=$POOL"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|BUG'
stop edge

note 'by default the core is asked for nothing'
before=$(core seen SUBSCRIBE)
start_epcscf edge "PROVISIONING=$PROVISIONING"
start_bridge bridge edge
sipp_wic wic wic_register bridge "wic9;Bearer $(mint wic9);Bearer $(mint wic9)"
expect_eq "$(core seen SUBSCRIBE)" "$before" 'SUBSCRIBEs'
