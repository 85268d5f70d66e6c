# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Redis of a case, by tests/lab/redis.sh. Sourced by the cases that need it.

# start_redis NAME MODE: with ports of the case; it ends with the case. Sets
# REDIS_ADDRESS, which is what the modparam registrar takes.
start_redis() {
  local name=$1 mode=$2 n
  case $mode in
    single) n=2 ;;
    cluster) n=6 ;;
    *) n=12 ;;
  esac
  at_exit redis "$name" end
  ((PORT_NEXT + n <= PORT_BASE + PORT_BLOCK)) || fail "ports: more than $PORT_BLOCK"
  REDIS_FIRST_PORT=$PORT_NEXT redis "$name" start "$mode" {PORT_LOCK}>&-
  PORT_NEXT=$((PORT_NEXT + n))
  REDIS_ADDRESS=$(redis "$name" address)
}

# redis NAME WORD...: kill, freeze, thaw, cli, ... as redis.sh has them
redis() {
  local name=$1
  shift
  "$TOP/tests/lab/redis.sh" "$RUN_DIR/redis-$name" "$@"
}
