#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
TIMEOUT_MS=1000
# No end of a connection is to bring the next core a REGISTER.
make_wwsf dereg_grace=300
start_epcscf edge "PROVISIONING=$PROVISIONING" "CORE_TIMEOUT_MS=$TIMEOUT_MS"
start_bridge bridge edge

# told NAME STATUS-LINE [INTERVAL]: what wic1 is told, with no challenge
told() {
  sipp_wic "wic-$1" wic_refused bridge "wic1;${3:-600};Authorization: Bearer $(mint wic1);SIP/2.0 $2;"
}

# answered NAME ANSWER HEADERS STATUS-LINE [OPTION...]: the core's answer, and
# the WIC's
answered() {
  local name=$1 answer=$2 headers=$3 line=$4
  shift 4
  note "the core answers $answer"
  spawn_core "$name" core_answer -key answer "SIP/2.0 $answer" -key headers "$headers" "$@"
  told "$name" "$line"
  wait_sipp "$name"
}

# taken_back NAME: the core may have registered the WIC of NAME all the same, so
# it is told of the end of that Contact
taken_back() {
  spawn_core "$1-end" core_answer -key answer 'SIP/2.0 200 OK' -key headers 'X-None: 0'
  wait_sipp "$1-end"
  expect_log "$RUN_DIR/log/$1-end.msg" '^Expires: 0'
  expect_eq "$(contact_in "$1-end")" "$(contact_in "$1")" "Contact of the de-REGISTER after $1"
}

contact_in() {
  sed -n 's/^Contact: <sip:\([0-9a-f]\{24\}\)@.*/\1/p' "$RUN_DIR/log/$1.msg" | head -n 1
}

no_binding() {
  poll 15 bound_nowhere || fail "wic1 is bound: $(rpc edge webrtc_ims.bindings impu sip:wic1@ims.test)"
}

bound_nowhere() {
  [[ -z $(rpc edge webrtc_ims.bindings impu sip:wic1@ims.test) ]]
}

# A proxy on the way may have lost the answer of the registrar, so again.
answered busy '503 Service Unavailable' 'Retry-After: 3' '503 Service Unavailable' -m 2
expect_log "$RUN_DIR/log/busy.msg" '^Expires: 0'
expect_log "$RUN_DIR/log/wic-busy.msg" '^Retry-After: [1-9][0-9]*'

answered challenge '401 Unauthorized' 'WWW-Authenticate: Digest realm="ims.test", nonce="n", algorithm=MD5' \
  '500 Core Did Not Trust This Node'
expect_log edge 'ERROR: .*the core answered 401 to a TNA REGISTER'
answered forbidden '403 Forbidden' 'X-None: 0' '403 Forbidden'
answered unknown '404 Not Found' 'X-None: 0' '404 Not Found'

answered brief '423 Interval Too Brief' 'Min-Expires: 1800' '423 Interval Too Brief'
expect_log "$RUN_DIR/log/wic-brief.msg" '^Min-Expires: 1800'
expect_rpc edge '^1800$' webrtc_ims.core_min_expires
no_binding

note 'the core answers 200 without Service-Route, and learnt its minimum'
spawn_core bare core_accept -key granted 1800 -key headers 'X-None: 0'
run_scene accepted.py WHAT=bare
wait_sipp bare
expect_log "$RUN_DIR/log/bare.msg" '^Expires: 1800'

note 'the core answers 200 with an odd P-Associated-URI'
spawn_core odd core_accept -key granted 1800 -key headers "Service-Route: <sip:orig@$ICSCF;lr>
P-Associated-URI: <sip:wic5@ims.test>,
  <sip:wic5-two@ims.test>
P-Associated-URI: \"A, B\" <tel:+1-555-0005>, <sip:wic5-!.*!@ims.test>
P-Associated-URI: <sip:wic5-three@IMS.test>;odd"
run_scene accepted.py WHAT=odd
wait_sipp odd

note 'the core is silent, and answers 200 when the WIC has been told 503'
spawn_core late core_late -d $((TIMEOUT_MS + 700))
started=$(date +%s%N)
told late '503 Service Unavailable'
took=$((($(date +%s%N) - started) / 1000000))
expect_log "$RUN_DIR/log/wic-late.msg" '^Retry-After: [1-9][0-9]*'
# Far from the 32 s of RFC 3261, on any machine.
((took < TIMEOUT_MS + 10000)) || fail "a silent core was noticed after $took ms, CORE_TIMEOUT_MS is $TIMEOUT_MS"
wait_sipp late
taken_back late
no_binding
note 'the same, and the 200 comes when the transaction is forgotten'
run_scene stray.py
refuse_log edge 'CRITICAL'
expect_eq "$(count_log edge 'ERROR: .*webrtc_ims')" 1 'number of errors of the module'
