# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kamailio instances and the IMS core of a case.

# start_kamailio NAME CFG [OPTION...]: started, and its RPC answers. CFG loads
# ctl with the address that the define CTL holds. Memory: SHM_MB, PKG_MB.
start_kamailio() {
  launch_kamailio "$@"
  if ! alive "$1"; then
    tail -n 20 "$(log_of "$1")" >&2
    fail "Kamailio $1 does not start"
  fi
  rpc "$1" core.uptime >/dev/null || fail "Kamailio $1 does not answer"
  wait_for 20 "readiness of all processes of Kamailio $1" all_ready "$1" "$2"
}

# The RPC answers while processes are still forked, TCP main as the last one, and
# 5.6.3 is not safe to be told to end before they are ready: a new process takes
# SIGTERM for one of the main process and ignores it, and one that is killed in the
# middle of its start leaves shared memory as it was just then.
all_ready() {
  local last='tcp main process'
  if grep -q '^disable_tcp=yes' "$2"; then last='main process'; fi
  rpc "$1" core.psa | awk -v last="$last" '/status: 0/ { early = 1 } index($0, last) { seen = 1 } END { exit early || !seen }'
}

# refuse_start NAME REGEX CFG [OPTION...]: Kamailio must not start, and its log
# must say why
refuse_start() {
  local name=$1 regex=$2
  shift 2
  launch_kamailio "$name" "$@"
  must_fail alive "$name"
  must_fail stop "$name"
  expect_log "$name" "$regex" 0
}

# A program that starts Kamailio, such as one that starts it again when it was killed
KAMAILIO_UNDER=()

# Until it answers or is dead, whichever comes first.
launch_kamailio() {
  local name=$1 cfg=$2
  shift 2
  spawn "$name" "${KAMAILIO_UNDER[@]}" kamailio -DD -E -f "$cfg" -P "$RUN_DIR/run/$name.pid" -w "$RUN_DIR" \
    -Y "$RUN_DIR/run" -m "${SHM_MB:-64}" -M "${PKG_MB:-8}" \
    -A "CTL=\"unix:$RUN_DIR/run/$name.ctl\"" "$@"
  poll "${START_SECONDS:-20}" up_or_dead "$name" || true
}

up_or_dead() {
  rpc "$1" core.uptime || ! alive "$1"
}

# rpc NAME COMMAND...
rpc() {
  local name=$1
  shift
  kamcmd -s "unix:$RUN_DIR/run/$name.ctl" "$@"
}

# The real IMS core (tests/lab/core): its addresses are in $RUN_DIR/core/env
start_core() {
  note "starting the IMS core"
  at_exit "$TOP/tests/lab/core/core.sh" stop "$RUN_DIR/core"
  PORT_OFFSET=$((PORT_BASE - 15060)) "$TOP/tests/lab/core/core.sh" start "$RUN_DIR/core" {PORT_LOCK}>&-
  # shellcheck source=/dev/null
  . "$RUN_DIR/core/env"
}

# core COMMAND [ARGUMENT...]: core.sh of this case's core (status, registered, seen, rtr)
core() {
  local command=$1
  shift
  "$TOP/tests/lab/core/core.sh" "$command" "$RUN_DIR/core" "$@"
}
