#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

start_core
certificates
ports tokens
SECRET='s3cret: of+the epcscf'
BANK=https://bank.test
BOTH=https://both.test
ask="\"endpoint\": \"https://localhost:${PORT[tokens]}/introspect?x=1\", \"client_id\": \"ep cscf\",
  \"client_secret_file\": \"client-secret\", \"ca_file\": \"ca.pem\""
make_wwsf dereg_grace=1 'impus=["sip:wic1*@ims.test"]' 'impis=["wic1*@ims.test"]'
(umask 077 && echo "$SECRET" >"$RUN_DIR/wwsf/client-secret")
cp "$RUN_DIR/tls/ca.pem" "$RUN_DIR/wwsf/ca.pem"
add_wwsf 'name="bank"' 'domain="ims.test"' "origins=[\"$BANK\"]" "issuer=\"$BANK\"" 'audience="ims.test"' \
  dereg_grace=1 'impus=["sip:wic2*@ims.test"]' 'impis=["wic2*@ims.test"]' \
  "introspection={$ask, \"cache\": 2, \"timeout\": 1, \"max_pending\": 30}"
add_wwsf 'name="both"' 'domain="ims.test"' "origins=[\"$BOTH\"]" "issuer=\"$BOTH\"" 'audience="ims.test"' \
  'algorithms=["ES256"]' 'keys={"jwks_file": "jwks.json"}' 'impus=["sip:wic3*@ims.test"]' \
  dereg_grace=1 'impis=["wic3*@ims.test"]' "introspection={$ask, \"cache\": 0}"
values=("PROVISIONING=$PROVISIONING" "SECRET=$SECRET" "BANK=$BANK" "BOTH=$BOTH" "TOKENS=${PORT[tokens]}")

# shellcheck disable=SC2016 # the variables are Kamailio's
SITE_TAIL='onsend_route {
	if (is_request() && wims_token_claim("ims.class")) {
		xlog("L_NOTICE", "CLAIM class=$wims(claim=>ims.class)\n");
	}
}'
start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=300 WICS_PER_ADDRESS=0
run_scene answers.py "${values[@]}"
note 'faults'
run_scene faults.py "${values[@]}"
refuse_log edge 'CRITICAL|BUG'
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'

note 'secrets'
# shown WHERE TEXT: the secret, or a token, is in the text
shown() {
  if grep -aqF -e "$SECRET" -e opaque-wic <<<"$2"; then
    fail "$1 shows a secret or a token"
  fi
}
shown 'the log' "$(cat "$RUN_DIR/log/edge.log")"
for command in introspection wwsf fetch stats token_cache connections; do
  shown "webrtc_ims.$command" "$(rpc edge "webrtc_ims.$command")"
done
processes=$(rpc edge core.ps | grep -Ex '[0-9]+')
child=$(rpc edge webrtc_ims.fetch | awk '$1 == "pid:" { print $2 }')
[[ -n $processes && $child -gt 0 ]] || fail 'there are no processes to look at'
for pid in $processes $child; do
  shown "process $pid" "$(tr '\0' '\n' <"/proc/$pid/cmdline") $(tr '\0' '\n' <"/proc/$pid/environ")"
done
must_fail test -z "$(tr '\0' '\n' <"/proc/$child/cmdline")"

note 'a provisioning that cannot be served'
cp "$PROVISIONING" "$RUN_DIR/wwsf/asks.json"
stop edge
refuse_epcscf nobody '\$\.wwsf\[1\]\.introspection: async_workers is 0; must be at least 1' \
  "PROVISIONING=$PROVISIONING" TOKEN_WORKERS=0
refuse_epcscf noprogram 'fetch_program=/none: must be the absolute path' "PROVISIONING=$PROVISIONING" FETCH_PROGRAM=/none
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" TOKEN_WORKERS=0
cp "$RUN_DIR/wwsf/asks.json" "$PROVISIONING"
rpc edge webrtc_ims.reload >"$RUN_DIR/log/reload" 2>&1 || true
expect_log "$RUN_DIR/log/reload" 'async_workers is 0'
