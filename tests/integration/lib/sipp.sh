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
