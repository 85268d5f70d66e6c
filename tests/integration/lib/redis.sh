# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Redis of a case, by tests/lab/redis.sh. Sourced by the cases that need it.

# start_redis NAME MODE: with ports of the case; it ends with the case. Sets
# REDIS_ADDRESS, which is what the modparam registrar takes.
start_redis() {
  start_redises "$1=$2"
  REDIS_ADDRESS=$(redis "$1" address)
}

# start_redises NAME=MODE...: several, which come up beside each other
start_redises() {
  local each n pids=() pid
  for each in "$@"; do
    case ${each#*=} in
      single) n=2 ;;
      cluster) n=6 ;;
      *) n=12 ;;
    esac
    ((PORT_NEXT + n <= PORT_BASE + PORT_BLOCK)) || fail "ports: more than $PORT_BLOCK"
    at_exit redis "${each%%=*}" end
    REDIS_FIRST_PORT=$PORT_NEXT redis "${each%%=*}" start "${each#*=}" {PORT_LOCK}>&- &
    pids+=($!)
    PORT_NEXT=$((PORT_NEXT + n))
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || fail "a Redis does not start"
  done
}

# redis NAME WORD...: kill, freeze, thaw, cli, ... as redis.sh has them
redis() {
  local name=$1
  shift
  "$TOP/tests/lab/redis.sh" "$RUN_DIR/redis-$name" "$@"
}
