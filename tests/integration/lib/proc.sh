# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Processes of a case: started in a session of their own, ended by the id that
# is recorded in $RUN_DIR/pids, never by name.

declare -A PID_OF=()
AT_EXIT=()

# spawn NAME COMMAND...: in the background, output in log/NAME.log
spawn() {
  local name=$1
  shift
  [[ -z ${PID_OF[$name]:-} ]] || fail "spawn: $name runs already"
  (
    # Kamailio raises the soft limit itself, and its -w is RUN_DIR.
    ulimit -S -c 0
    # The ports' lock is the case's own, not its children's.
    exec setsid "$@" {PORT_LOCK}>&- >>"$RUN_DIR/log/$name.log" 2>&1 </dev/null
  ) &
  PID_OF[$name]=$!
  echo "${PID_OF[$name]} $name" >>"$RUN_DIR/pids"
}

alive() {
  kill -0 "${PID_OF[$1]}" 2>/dev/null
}

group_gone() {
  ! kill -0 -- "-$1" 2>/dev/null
}

# stop NAME [SIGNAL]: the process and what it started; returns its exit status
stop() {
  local name=$1 pid=${PID_OF[$1]} status=0
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
  end_group "$pid" "$name"
  wait "$pid" 2>/dev/null || status=$?
  forget "$name"
  return "$status"
}

# Waits for a group that was told to end, and kills it when it does not. A process
# that Kamailio 5.6.3 has only just forked takes its first SIGTERM for one of the
# main process and ignores it; so all are told twice.
end_group() {
  poll 2 group_gone "$1" || kill -TERM -- "-$1" 2>/dev/null || true
  if ! poll 10 group_gone "$1"; then
    echo "stop: $2 does not end, killed:" >&2
    ps -o pid,stat,wchan:20,time,args -g "$1" | cut -c 1-120 >&2 || true
    kill -KILL -- "-$1" 2>/dev/null || true
  fi
}

# An ended process's id may be somebody else's soon.
forget() {
  sed -i "/^${PID_OF[$1]} /d" "$RUN_DIR/pids"
  unset "PID_OF[$1]"
}

# at_exit COMMAND...: run when the case ends, last registered first
at_exit() {
  AT_EXIT=("$(printf '%q ' "$@")" "${AT_EXIT[@]}")
}

# poll SECONDS COMMAND...: until it succeeds; its output is dropped
poll() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS <= end)) || return 1
    sleep 0.05
  done
}

# wait_for SECONDS WHAT COMMAND...: as poll; the case fails when it does not come
wait_for() {
  local seconds=$1 what=$2
  shift 2
  poll "$seconds" "$@" || fail "no $what within $seconds s"
}

# Also what a subshell of the case spawned: hence the file, not PID_OF.
end_all() {
  local pid name
  touch "$RUN_DIR/pids"
  while read -r pid name; do
    kill -TERM "$pid" 2>/dev/null
  done <"$RUN_DIR/pids"
  while read -r pid name; do
    end_group "$pid" "$name"
  done <"$RUN_DIR/pids"
}

# A Kamailio whose child died, or that found its own memory broken, spoils a
# case that looked good otherwise. A case that wants that says EXPECT_DEATH=yes.
nobody_died() {
  [[ ${EXPECT_DEATH:-} != yes ]] || return 0
  must_fail grep -sE -m 1 'exited by a signal|core was (not )?generated|\bBUG\b' "$RUN_DIR"/log/*.log /dev/null
}

finish() {
  local status=$? command
  trap - EXIT TERM INT ERR
  set +e
  for command in "${AT_EXIT[@]}"; do
    eval "$command"
  done
  end_all
  (nobody_died) || status=1
  if [[ ${RUN_DIR_IS_OWN:-} == yes ]]; then
    if [[ $status -eq 0 ]]; then rm -rf "$RUN_DIR"; else echo "see $RUN_DIR" >&2; fi
  fi
  exit "$status"
}
