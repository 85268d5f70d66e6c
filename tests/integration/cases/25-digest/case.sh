#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/mwtap.sh"

start_core
start_tap
make_wwsf
THIN=https://thin.test
add_wwsf 'name="thin"' 'scenario="ims-auth"' 'domain="ims.test"' "origins=[\"$THIN\"]"
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=$TAP"
start_bridge thin edge "$THIN"
start_bridge shop edge

note 'SIPp: the right password and the wrong one'
sipp_wic digest wic_digest thin dora
sipp_wic wrong wic_digest_wrong thin dora

note 'SIPp: each scheme from a page of the other scenario'
before=$(core seen REGISTER)
sipp_wic bearer wic_refused thin \
  "dora;600;Authorization: Bearer $(mint dora);SIP/2.0 403 Authentication Scheme Not Allowed;"
sipp_wic basic wic_refused shop \
  'dora;600;Authorization: Digest username="dora@ims.test", realm="ims.test", nonce="n", uri="sip:ims.test", response="0123456789abcdef0123456789abcdef";SIP/2.0 403 Authentication Scheme Not Allowed;'
expect_eq "$(core seen REGISTER)" "$before" 'number of REGISTERs that the core saw'

run_scene digest.py "MW_FOLDER=$RUN_DIR/mw" "THIN=$THIN"
refuse_log edge 'CRITICAL|ERROR: .*webrtc_ims'
