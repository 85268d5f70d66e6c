#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
SITE_TAIL='modparam("webrtc_ims", "reg_event", 0)
modparam("webrtc_ims", "range_grace", 600)
modparam("webrtc_ims", "range_confirm", 1)
modparam("webrtc_ims", "range_retry_min", 1)
modparam("webrtc_ims", "range_retry_max", 2)
modparam("webrtc_ims", "range_wait_ms", 3000)'
RANGES=
for name in bare fold none short brief fail busy deny mute late long; do
  RANGES+="{\"range\": \"sip:$name-![0-9]{3}!@ims.test\", \"register\": \"first\",
    \"pilot\": \"sip:$name@ims.test\", \"impi\": \"$name@ims.test\"},"
done
make_range_wwsf "[${RANGES%,}]"
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=1000
start_bridge bridge edge

# core_is NAME SCENARIO [OPTION...]: SIPp as the core, for the range NAME
core_is() {
  local name=$1 scenario=$2
  shift 2
  spawn_sipp "$name" "$TOP/sipp-scenarios/$scenario.xml" 127.0.0.1 -p "${PORT[core]}" -m 1 \
    -key list "<sip:$name@ims.test>, <sip:$name-![0-9]{3}!@ims.test>" "$@"
  wait_for 15 "core $name" is_there_or_done "$name"
}

is_there_or_done() {
  udp_bound "${PORT[core]}" || ! alive "$1"
}

by_hand() {
  rpc edge webrtc_ims.range "$1" "sip:$2-![0-9]{3}!@ims.test" >/dev/null
}

# shown NAME FIELD: what webrtc_ims.ranges says of the range
shown() {
  rpc edge webrtc_ims.ranges | awk -v range="sip:$1-![0-9]{3}!@ims.test" -v field="$2:" '
    $1 == "range:" { here = $2 == range }
    here && $1 == field { print $2; exit }'
}

is() { [[ $(shown "$1" "$2") == "$3" ]]; }

becomes() {
  wait_for 15 "range $1 $2" is "$1" state "$2"
}

# accepted NAME HEADERS: 200 with these headers, and the range is registered
accepted() {
  local try
  # A range that is asked again by itself may come first.
  for try in 1 2 3; do
    core_is "$1" core_accept -key granted 600 -key headers "$2"
    by_hand register "$1"
    wait_sipp "$1"
    grep -q "^To: <sip:$1[@-]" "$RUN_DIR/log/$1.msg" && return
  done
  fail "$try answers for other ranges than $1"
}

# told NAME STATUS-LINE: what a WIC in the range is told
told() {
  sipp_wic "wic-$1" wic_refused bridge \
    "$1-123;600;Authorization: Bearer $(mint "$1-123");SIP/2.0 $2;"
}

# sent NAME HEADER: its values in the REGISTERs, retransmissions apart
sent() {
  sed -n "s/^$2: \([0-9]*\).*/\1/p" "$RUN_DIR/log/$1.msg" | tr -d '\r' | uniq
}

note 'no Service-Route'
accepted bare 'P-Associated-URI: <sip:bare@ims.test>, <sip:bare-![0-9]{3}!@ims.test>'
becomes bare registered
expect_eq "$(shown bare service_route)" '' 'Service-Route of the range'

note 'P-Associated-URI with the wildcard first, folded, on several lines, escaped'
accepted fold 'Service-Route: <sip:orig@scscf.ims.test;lr>
P-Associated-URI: <sip:fold-!%5B0-9%5D%7B3%7D!@IMS.test;user=phone>,
  <sip:fold@ims.test>
P-Associated-URI: "A, B" <tel:+1-555-0005>;odd'
becomes fold registered
expect_eq "$(shown fold service_route)" '<sip:orig@scscf.ims.test;lr>' 'Service-Route of the range'

note 'refused'
core_is deny core_answer -key answer 'SIP/2.0 403 Forbidden' -key headers 'X-None: 0'
by_hand register deny
wait_sipp deny
becomes deny refused
told deny '403 Identity Range Not Registered'

# again NAME ANSWER HEADER GRANTED: and accepted the second time
again() {
  core_is "$1" core_range_again -key answer "SIP/2.0 $2" -key headers "$3" -key granted "$4"
  by_hand register "$1"
  wait_sipp "$1"
  becomes "$1" registered
  expect_eq "$(sent "$1" CSeq | sort -nu | paste -sd ' ')" '1 2' "CSeqs after $2"
}

note '423'
again brief '423 Interval Too Brief' 'Min-Expires: 5000' 5000
expect_eq "$(sent brief Expires | paste -sd ' ')" '3600 5000' 'Expires asked for'

note '500'
again fail '500 Server Internal Error' 'X-None: 0' 600

note '503 with Retry-After'
started=$(date +%s%N)
again busy '503 Service Unavailable' 'Retry-After: 3' 600
took=$((($(date +%s%N) - started) / 1000000))
((took >= 3000 && took < 6000)) || fail "Retry-After: 3, and again after $took ms"

note 'a 200 that comes too late'
core_is late core_range_late -d 1250
by_hand register late
wait_sipp late
becomes late registered
expect_eq "$(sent late CSeq | sort -nu | paste -sd ' ')" '1 2' 'CSeqs'

# What follows is asked again, or soon refreshed, where no core listens any more.
note 'a shorter Expires'
core_is short core_accept -key granted 20 \
  -key headers 'P-Associated-URI: <sip:short-![0-9]{3}!@ims.test>'
by_hand register short
wait_sipp short
becomes short registered
((10#$(shown short expires) <= 20 && 10#$(shown short next) <= 10)) ||
  fail "granted 20 s: expires in $(shown short expires), next in $(shown short next)"

note 'P-Associated-URI without the range'
accepted none 'P-Associated-URI: <sip:none@ims.test>'
becomes none retry
told none '503 Service Unavailable'
expect_log "$RUN_DIR/log/wic-none.msg" '^Retry-After: [1-9][0-9]*'

note 'more in a Service-Route and in P-Associated-URI than is read'
accepted long "Service-Route: <sip:$(printf 'a%.0s' {1..1600})@scscf.ims.test;lr>
P-Associated-URI: $(printf '<sip:%s@ims.test>, ' {1..256})<sip:long-![0-9]{3}!@ims.test>"
wait_for 15 'the outcome' is long outcome core_answer_bad
becomes long retry
expect_eq "$(shown long service_route)" '' 'Service-Route of the range'

note 'silence'
by_hand register mute
wait_for 15 'the time-out' is mute answer 408
told mute '503 Service Unavailable'

must_fail grep -rqE '^(To|From|Contact):.*-123@' "$RUN_DIR"/log/{bare,fold,none,short,deny,brief,fail,busy,late}.msg
refuse_log edge 'CRITICAL|BUG'
