#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# Each must end the (sub)shell with its message.
must_report() {
  local message=$1 said
  shift
  said=$(must_fail_in_subshell "$@" 2>&1) || true
  [[ $said == *"FAIL: "*"$message"* ]] || fail "'$*' says '$said', not '$message'"
}

must_fail_in_subshell() {
  ("$@") && echo "it succeeded"
}

ports sip nobody
start_kamailio bare "$CASE_DIR/kam.cfg" -A "SIP_PORT=${PORT[sip]}"
expect_rpc bare 'kamailio' core.version
run_sipp good "$CASE_DIR/options.xml" "127.0.0.1:${PORT[sip]}" -m 1
refuse_log bare 'no such line'

note "each kind of failure is found"
must_report 'has no line /no such line/' expect_log bare 'no such line' 0
must_report 'has /Listening on/' refuse_log bare 'Listening on'
must_report 'there is no log of nothing' refuse_log nothing 'x'
must_report 'SIPp bad: a call failed' run_sipp bad "$CASE_DIR/options.xml" "127.0.0.1:${PORT[nobody]}" -m 1
must_report 'must fail: true' must_fail true
must_report "is 'a', expected 'b'" expect_eq a b letter
RPC_SECONDS=0 must_report 'does not answer /impossible/' expect_rpc bare impossible core.version

note "a Kamailio that must not start"
refuse_start broken 'syntax error' "$CASE_DIR/broken.cfg"
must_report 'must fail: alive twin' refuse_start twin 'x' "$CASE_DIR/kam.cfg" -A "SIP_PORT=${PORT[nobody]}"

note "stop ends the whole group"
pid=${PID_OF[bare]}
stop bare
expect_eq "$(pgrep -g "$pid" || true)" '' 'what is left of its group'

note 'a death in a log is found'
echo 'ALERT: child process 7 exited by a signal 11' >"$RUN_DIR/log/dead.log"
must_report 'must fail: grep' nobody_died
rm "$RUN_DIR/log/dead.log"
