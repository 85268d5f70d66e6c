# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a case asserts. Under "set -e" a failing "! command" proves nothing, so
# that something must not succeed, or must not be there, has its own words.

fail() {
  echo "FAIL: $* (${BASH_SOURCE[-1]##*/} line ${BASH_LINENO[-2]:-?})" >&2
  exit 1
}

note() {
  echo "-- $*"
}

must_fail() {
  if "$@"; then
    fail "succeeded, must fail: $*"
  fi
}

# expect_eq GOT WANT WHAT
expect_eq() {
  [[ $1 == "$2" ]] || fail "$3 is '$1', expected '$2'"
}

# A log is named by the process that was spawned, or by a path.
log_of() {
  if [[ $1 == /* ]]; then
    echo "$1"
  else
    echo "$RUN_DIR/log/$1.log"
  fi
}

# expect_log NAME REGEX [SECONDS]: the line is there, or comes (default 15 s)
expect_log() {
  poll "${3:-15}" grep -Eq -- "$2" "$(log_of "$1")" || fail "log of $1 has no line /$2/"
}

# refuse_log NAME REGEX: the line is not there. The log must exist: an absent
# file would prove nothing. It goes on from one start to the next, and at a stop a worker
# of Kamailio may see the end of tcp main before its own.
refuse_log() {
  local log line
  log=$(log_of "$1")
  [[ -f $log ]] || fail "there is no log of $1"
  line=$(grep -E -- "$2" "$log" | grep -Fv 'receive_fd(): EOF on') || return 0
  fail "log of $1 has /$2/: ${line%%$'\n'*}"
}

# count_log NAME REGEX: number of such lines
count_log() {
  grep -Ec -- "$2" "$(log_of "$1")" || true
}

# expect_rpc NAME REGEX COMMAND...: an RPC of Kamailio NAME answers with it
# within RPC_SECONDS; the last answer is shown when it does not
expect_rpc() {
  local name=$1 regex=$2
  shift 2
  poll "${RPC_SECONDS:-15}" rpc_matches "$name" "$regex" "$@" ||
    fail "rpc $* of $name does not answer /$regex/: $(rpc "$name" "$@" 2>&1)"
}

rpc_matches() {
  local name=$1 regex=$2
  shift 2
  rpc "$name" "$@" | grep -Eq -- "$regex"
}
