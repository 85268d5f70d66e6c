# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# SIPp with bounds, its traces in log/, its exit status in words.

SIPP_SECONDS=20

# Options that every SIPp of a case gets.
sipp_command() {
  local name=$1 scenario=$2 target=$3
  shift 3
  SIPP_COMMAND=(timeout -k 5 $((SIPP_SECONDS + 10)) sipp "$target" -sf "$scenario" -i 127.0.0.1
    -nostdin -timeout "${SIPP_SECONDS}s" -timeout_error -trace_err
    -error_file "$RUN_DIR/log/$name.err" -trace_msg -message_file "$RUN_DIR/log/$name.msg"
    -trace_logs -log_file "$RUN_DIR/log/$name.vars" "$@")
}

sipp_words() {
  case $1 in
    0) echo "all calls succeeded" ;;
    1) echo "a call failed" ;;
    97) echo "ended by an internal command" ;;
    99) echo "ended without a call" ;;
    124 | 137) echo "hung, ended by timeout" ;;
    254) echo "could not bind a socket" ;;
    255) echo "fatal error" ;;
    *) echo "exit status $1" ;;
  esac
}

# run_sipp NAME SCENARIO HOST:PORT [OPTION...]: to its end; the case fails when
# a call does
run_sipp() {
  local status=0
  sipp_command "$@"
  "${SIPP_COMMAND[@]}" >"$RUN_DIR/log/$1.log" 2>&1 </dev/null || status=$?
  sipp_result "$1" "$status"
}

# spawn_sipp ...: the same in the background; wait_sipp NAME collects it
spawn_sipp() {
  sipp_command "$@"
  spawn "$1" "${SIPP_COMMAND[@]}"
}

# spawn_core NAME SCENARIO [OPTION...]: a scenario of sipp-scenarios/ in the core's place,
# on ${PORT[core]}, for one call if no option says otherwise; it listens when this returns
spawn_core() {
  local name=$1 scenario=$2
  shift 2
  spawn_sipp "$name" "$TOP/sipp-scenarios/$scenario.xml" 127.0.0.1 -p "${PORT[core]}" -m 1 "$@"
  wait_for 15 "core $name" udp_bound "${PORT[core]}"
}

wait_sipp() {
  local status=0
  wait "${PID_OF[$1]}" || status=$?
  forget "$1"
  sipp_result "$1" "$status"
}

sipp_result() {
  [[ $2 -eq 0 ]] && return
  tail -n 5 "$RUN_DIR/log/$1.err" >&2 2>/dev/null || true
  fail "SIPp $1: $(sipp_words "$2")"
}

# start_bridge NAME EDGE [ORIGIN]: a TCP port, ${PORT[NAME]}, on which SIPp
# reaches the WSS port of the eP-CSCF EDGE; what became of each WebSocket is in
# log/NAME.events
start_bridge() {
  "${MAKE:-make}" -s -C "$TOP" build/tools/wssbridge
  ports "$1"
  spawn "$1" "$TOP/build/tools/wssbridge" --listen "127.0.0.1:${PORT[$1]}" \
    --connect "wss://127.0.0.1:${PORT[$2.wss]}/" --ca "$RUN_DIR/tls/ca.pem" --host localhost \
    --origin "${3:-$WWSF_ORIGIN}" --events "$RUN_DIR/log/$1.events" --ready-file "$RUN_DIR/run/$1.ready"
  wait_for 15 "bridge $1" test -s "$RUN_DIR/run/$1.ready"
}

# sipp_wic NAME SCENARIO BRIDGE FIELDS [OPTION...]: WICs of sipp-scenarios/, one
# for each line of FIELDS (-inf), each on a WebSocket of its own; spawn_wic ...: the
# same in the background
sipp_wic() {
  wic_by run_sipp "$@"
}

spawn_wic() {
  wic_by spawn_sipp "$@"
}

wic_by() {
  local by=$1 name=$2 scenario=$3 bridge=$4 fields=$5 calls
  shift 5
  { echo SEQUENTIAL && printf '%s\n' "$fields"; } >"$RUN_DIR/$name.csv"
  calls=$(($(wc -l <"$RUN_DIR/$name.csv") - 1))
  "$by" "$name" "$TOP/sipp-scenarios/$scenario.xml" "127.0.0.1:${PORT[$bridge]}" -t tn -max_socket 500 \
    -inf "$RUN_DIR/$name.csv" -m "$calls" -cid_str "$name-%u-%p@%s" -default_behaviors all,-bye -reconnect_close false -reconnect_sleep 2000 "$@"
}
