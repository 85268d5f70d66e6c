#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "register": "start", "pilot": "sip:range1@ims.test",
   "impi": "range1@ims.test"},
  {"range": "sip:range2-!.*!@ims.test", "register": "token", "impi": "range2@ims.test"}]' anonymous=true \
  'impis=["range*@ims.test"]'
add_wwsf 'name="bank"' 'scenario="range"' 'domain="ims.test"' 'origins=["https://bank.test"]' \
  'issuer="https://bank.test"' 'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' \
  'impis=["bank*@ims.test"]' 'ranges=["sip:pool![1-9][0-9]{0,2}!@ims.test", "tel:+1555![0-9]{4}!"]'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene attacks.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|ALERT'
