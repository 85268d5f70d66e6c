#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
# Three WWSFs: the case's own; another one with its own issuer and key, which
# may hand out other identities and does not close; one of scenario 1.
make_wwsf 'impus=["sip:alice@ims.test", "sip:wic*@ims.test"]' 'impis=["alice@ims.test", "wic*@ims.test"]'
wwsf_key b1 bank bank RS256
BANK=https://bank.test
add_wwsf 'name="bank"' 'domain="ims.test"' "origins=[\"$BANK\"]" "issuer=\"$BANK\"" 'audience="ims.test"' \
  'keys={"jwks_file": "bank.json"}' 'impus=["sip:bob@ims.test"]' 'impis=["bob@ims.test"]' \
  'close_on_bad_token=false' 'realm="bank of \u0041"' 'scope="sip-phone"'
THIN=https://thin.test
add_wwsf 'name="thin"' 'scenario="ims-auth"' 'domain="ims.test"' "origins=[\"$THIN\"]"
start_epcscf edge "PROVISIONING=$PROVISIONING"
start_bridge bridge edge

# refused FIELDS: answer of SIPp's WIC, and then the end of its WebSocket
challenge='WWW-Authenticate: Bearer realm="ims.test",authz_server="https://wwsf.test/token",scope="webrtc-ims-client-access-to-ims"'
expired=$(mint wic1 --now 1000000000)
foreign=$(mint wic1 --claim aud=other.test)
other_scope=$(mint wic1 --scope openid)
other_user=$(mint wic2)
good=$(mint wic1)
note 'SIPp: one of each kind of refusal'
sipp_wic refused wic_refused bridge "\
wic1;600;X-None: 0;SIP/2.0 401 Unauthorized;$challenge
wic1;600;Authorization: Bearer $expired;SIP/2.0 401 Unauthorized;$challenge,error=\"invalid_token\"
wic1;600;Authorization: Bearer access_token=\"$foreign\";SIP/2.0 401 Unauthorized;$challenge,error=\"invalid_token\"
wic1;600;Authorization: Bearer $other_scope;SIP/2.0 401 Unauthorized;$challenge,error=\"invalid_scope\"
wic1;600;Authorization: Bearer $other_user;SIP/2.0 403 Identity Not In Token;
wic1;600;Authorization: Digest username=\"wic1@ims.test\", integrity-protected=\"auth-done\";SIP/2.0 403 Authentication Scheme Not Allowed;
wic1;600;Authorization: Bearer;SIP/2.0 400 Bad Authorization;
wic1;5;Authorization: Bearer $good;SIP/2.0 423 Interval Too Brief;"
expect_closed() {
  expect_eq "$(count_log "$RUN_DIR/log/bridge.events" "event=closed by=ws code=$1 reason=\"?$2\"?")" "$3" \
    "number of WebSockets closed with $1 $2"
}
wait_for 15 'end of all WebSockets' test "$(count_log "$RUN_DIR/log/bridge.events" 'event=closed')" -eq 8
expect_closed 4401 token_expired 1
expect_closed 4401 audience_mismatch 1
expect_closed 4401 scope_missing 1
expect_closed 4403 to_mismatch 1
expect_closed 4400 auth_malformed 1
expect_eq "$(count_log "$RUN_DIR/log/bridge.events" 'event=closed by=ws')" 5 'number of WebSockets that the eP-CSCF closed'

run_scene refusals.py "BANK=$BANK" "THIN=$THIN"
# Kamailio's own parser complains of heads that are none.
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
