#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
wwsf_key k1 key jwks
wwsf_key b1 bank bank
make_wwsf close_on_bad_token=false leeway=0 'impus=["sip:a*@ims.test"]' 'impis=["a*@ims.test"]'
add_wwsf 'name="bank"' 'domain="ims.test"' 'origins=["https://bank.test"]' 'issuer="https://bank.test"' \
  'audience="ims.test"' 'keys={"jwks_file": "bank.json"}' 'impus=["sip:b*@ims.test"]' 'impis=["b*@ims.test"]'
# The subscriptions of all walks stay.
# shellcheck disable=SC2016 # the variables are Kamailio's
SITE_TAIL='modparam("webrtc_ims", "max_calls", 100)
onsend_route {
	if (is_request() && is_method("REGISTER|MESSAGE") && wims_token_claim("ims.class")) {
		$var(name) = "lines";
		xlog("L_NOTICE", "CLAIMS $rm class=$wims(claim=>ims.class) lines=$wims(claim=>ims.$var(name)) vip=$wims(claim=>ims.vip) odd=$wims(claim=>ims.odd) sub=$wims(subject)\n");
	}
}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene tokens.py "PROVISIONING=$PROVISIONING"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
stop edge
