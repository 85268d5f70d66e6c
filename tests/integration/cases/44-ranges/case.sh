#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'scenario="range"' 'impis=["range1*@ims.test"]' 'impus=["sip:range1-vip@ims.test"]' \
  'ranges=[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
add_wwsf 'name="bank"' 'scenario="pool"' 'domain="ims.test"' 'origins=["https://bank.test"]' \
  'issuer="https://bank.test"' 'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' \
  'impis=["pool*@ims.test"]' 'ranges=["sip:pool![1-9][0-9]{0,2}!@ims.test"]'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene ranges.py "PROVISIONING=$PROVISIONING"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
# The log has the first REGISTER of a WIC, and no refresh.
expect_eq "$(count_log edge 'REGISTER sip:range1-7@ims.test of shop in')" 1 'lines about REGISTERs of one WIC'
stop edge

# refused NAME REGEX: neither Kamailio nor the tool takes that file of the scene
refused() {
  must_fail "$WIMS" config check "$RUN_DIR/wwsf/$1.json" 2>"$RUN_DIR/log/check"
  grep -qE "$2" "$RUN_DIR/log/check" || fail "wims config check: $(cat "$RUN_DIR/log/check")"
  refuse_epcscf "$1" "$2" "PROVISIONING=$RUN_DIR/wwsf/$1.json"
}
note 'files that Kamailio does not start with'
refused wide 'wwsf\[0\]\.ranges\[0\]: .*too wide'
refused overlap 'wwsf\[1\]\.ranges\[0\]: .*overlaps with "sip:range1-!.*" of WWSF "shop"'
