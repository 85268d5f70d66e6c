#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timed
. "$(dirname "$0")/../../lib.sh"

ports phone media
SIPP_SECONDS=60

# phone NAME SCENARIO TARGET [OPTION...]: a SIPp with that name, which sends back the RTP it gets
phone() {
  local name=$1 scenario=$2 target=$3
  shift 3
  spawn_sipp "$name" "$TOP/sipp-scenarios/$scenario.xml" "$target" -p "${PORT[phone]}" -mp "${PORT[media]}" \
    -rtp_echo -m 1 "$@"
  wait_for 15 "phone $name" udp_bound "${PORT[phone]}"
}

relay() {
  "$TOP/tests/lab/rtpengine.sh" "$RTPENGINE_DIR" "$@"
}

no_session() {
  [[ $(relay sessions) == 0 ]]
}

MEDIA=1 start_lab
# The phone of the lab is another one.
export PHONE=carol
SERVICE_ROUTE=$(python3 -B "$TOP/tests/lab/phone.py" "$MW" "$PHONE@$DOMAIN" "${PORT[phone]}")

wic_calls() { # page
  local name=held${1//\//-}
  note "$1: the WIC calls, holds, takes back and hangs up"
  phone "$name" core_phone_held 127.0.0.1
  browser media held "$1"
  wait_sipp "$name"
  wait_for 15 'no session after the hang-up of the WIC' no_session
}

phone_calls() { # page
  local name=calls${1//\//-} log=$RUN_DIR/log/called${1//\//-}.log pid
  note "$1: the phone calls and hangs up"
  browser media called "$1" >"$log" &
  pid=$!
  wait_for 20 'a registered WIC' grep -q '^registered' "$log"
  phone "$name" core_phone_calls "${SERVICE_ROUTE#*@}" -d 3000 -key callee "sip:alice@$DOMAIN" \
    -key caller "sip:$PHONE@$DOMAIN" -key route "$SERVICE_ROUTE"
  wait "$pid" || fail "the page: $(tail -n 3 "$log")"
  wait_sipp "$name"
  wait_for 15 'no session after the hang-up of the phone' no_session
}

wic_calls /
phone_calls /sipjs.html
if [[ -n ${EVERY_PAGE:-} ]]; then
  wic_calls /sipjs.html
  phone_calls /
fi

note 'the browser is killed in the call: BYE within 2 s, and no session'
phone killed core_phone_called 127.0.0.1
browser media killed >"$RUN_DIR/log/killed.log" || fail "$(tail -n 3 "$RUN_DIR/log/killed.log")"
killed=$(sed -n 's/^killed //p' "$RUN_DIR/log/killed.log")
wait_sipp killed
ended=$((${EPOCHREALTIME/./} / 1000))
note "the phone's call ended $((ended - killed)) ms after the browser"
((ended - killed < 2000)) || fail "BYE after $((ended - killed)) ms"
wait_for 15 'no session after the browser' no_session
refuse_log "$EPCSCF_LOG" 'no media:|CRITICAL'
