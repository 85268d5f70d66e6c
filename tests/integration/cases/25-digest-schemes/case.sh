#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/mwtap.sh"

THIN=https://thin.test
BOTH=https://both.test
BANK=https://bank.test
ACME=https://acme.test
wwsf_key k1 key jwks
WEB=('domain="ims.test"' 'audience="ims.test"' 'algorithms=["ES256"]' 'keys={"jwks_file": "jwks.json"}')
add_wwsf 'name="thin"' 'scenario="ims-auth"' 'domain="ims.test"' "origins=[\"$THIN\"]"
add_wwsf 'name="both"' 'scenario=["web-auth", "ims-auth"]' "${WEB[@]}" "origins=[\"$BOTH\"]" "issuer=\"$BOTH\"" \
  'impus=["sip:alice@ims.test", "sip:dora@ims.test"]' 'impis=["alice@ims.test", "dora@ims.test"]' 'dereg_grace=0' \
  'convey={"waf": "authorization-entity", "wwsf": "web-server-entity"}'
add_wwsf 'name="bank"' 'scenario="pool"' "${WEB[@]}" "origins=[\"$BANK\"]" "issuer=\"$BANK\"" \
  'impus=["sip:pool2@ims.test"]' 'impis=["pool2@ims.test"]'
add_wwsf 'name="acme"' 'scenario=["range", "ims-auth"]' "${WEB[@]}" "origins=[\"$ACME\"]" "issuer=\"$ACME\"" \
  'ranges=[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  'impis=["range1-*@ims.test"]' 'convey={"waf": "authorization-entity"}'

# asked NAME ALGORITHM NONCE CHALLENGE: the WIC answers with ALGORITHM and NONCE what the
# core asks; ANSWER is its Authorization, SAID what came of it at the core
asked() {
  local line
  line=$(python3 "$CASE_DIR/answers.py" "$2" "$3")
  spawn_core "core-$1" core_challenge -key challenge "$4"
  sipp_wic "$1" wic_digest_fixed thin "dora;$line"
  wait_sipp "core-$1"
  SAID=$(sed -n 's/\r$//; s/^Authorization: Digest /&/p' "$RUN_DIR/log/core-$1.msg")
  ANSWER=$line
}

SHA='WWW-Authenticate: Digest realm="ims.test", nonce="sha-nonce", algorithm=SHA-256, qop="auth"'
MD5='WWW-Authenticate: Digest realm="ims.test", nonce="md5-nonce", algorithm=MD5, qop="auth"'
AKA='WWW-Authenticate: Digest realm="ims.test", nonce="aka-nonce", algorithm=AKAv2-SHA-256, qop="auth", ck="00", ik="11"'

ports core
ICSCF=127.0.0.1:${PORT[core]}
start_epcscf fixed "PROVISIONING=$PROVISIONING"
start_bridge thin fixed "$THIN"

note 'SIPp on both sides: SHA-256 beside MD5'
asked sha SHA-256 sha-nonce "$SHA
$MD5"
expect_eq "$SAID" "$ANSWER" 'Authorization on Mw'
expect_eq "$(grep -c '^WWW-Authenticate: ' "$RUN_DIR/log/sha.msg")" 2 'challenges that the WIC got'

note 'AKAv2-SHA-256'
asked aka AKAv2-SHA-256 aka-nonce "$AKA"
expect_eq "$SAID" "$ANSWER, integrity-protected=\"tls-connected\"" 'Authorization on Mw'

note 'AKAv2-SHA-256 that the core has not asked for'
asked claim AKAv2-SHA-256 md5-nonce "$MD5"
expect_eq "$SAID" "$ANSWER" 'Authorization on Mw'
refuse_log fixed 'CRITICAL|ERROR: .*webrtc_ims'
stop fixed

start_core
start_tap
ports probe ecscf
start_kamailio probe "$TOP/tests/integration/lib/probe.cfg" -A "PORT=${PORT[probe]}"
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=$TAP" "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}"
run_scene together.py "MW_FOLDER=$RUN_DIR/mw" "THIN=$THIN" "BOTH=$BOTH" "BANK=$BANK" "ACME=$ACME" "PROBE=127.0.0.1:${PORT[probe]}" "E_CSCF=${PORT[ecscf]}"
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'
refuse_log edge 'CRITICAL|ERROR: .*webrtc_ims'
