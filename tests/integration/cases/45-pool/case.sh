#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'scenario="pool"' 'impis=["lobby-*@ims.test", "pool*@ims.test"]' \
  'impus=["sip:lobby@ims.test"]' 'ranges=["sip:pool![1-9][0-9]{0,2}!@ims.test"]'
add_wwsf 'name="other"' 'domain="ims.test"' 'origins=["https://other.test"]' \
  'issuer="https://other.test"' 'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' \
  'impus=["sip:wic*@ims.test"]' 'impis=["wic*@ims.test"]'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene pool.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
stop edge
