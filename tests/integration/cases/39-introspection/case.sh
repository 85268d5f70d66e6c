#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/asked.sh"

start_core
make_asked_wwsfs
# shellcheck disable=SC2016 # the variables are Kamailio's
SITE_TAIL='onsend_route {
	if (is_request() && wims_token_claim("ims.class")) {
		xlog("L_NOTICE", "CLAIM class=$wims(claim=>ims.class)\n");
	}
}'
start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=300 WICS_PER_ADDRESS=0
run_scene answers.py "${ASKED_VALUES[@]}"
note 'faults'
run_scene faults.py "${ASKED_VALUES[@]}"
refuse_log edge 'CRITICAL|BUG'
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'

note 'secrets'
# shown WHERE TEXT: the secret, or a token, is in the text
shown() {
  if grep -aqF -e "$ASKED_SECRET" -e opaque-wic <<<"$2"; then
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
