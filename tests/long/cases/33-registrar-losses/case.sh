#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
. "$(dirname "$0")/../../../integration/lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

TIMES=${TIMES:-10}
MUCH=30000000 # bytes
run=5000

# ledger REDIS SECONDS COMMAND...: sets ACKNOWLEDGED, LOST, and OLDEST of the lost ones in ms
ledger() {
  local name=$1 seconds=$2 log status=0
  shift 2
  run=$((run + 1))
  log=$RUN_DIR/log/ledger-$run.log
  spawn "ledger-$run" "$TOP/build/redis/store_ledger" "$(redis "$name" address)" "$run" "$seconds"
  wait_for 20 'the first 1,000 registrations' grep -q begun "$log"
  "$@"
  wait "${PID_OF[ledger-$run]}" || status=$?
  forget "ledger-$run"
  expect_eq "$status" 0 'entries that cannot be read'
  read -r _ ACKNOWLEDGED _ LOST _ _ _ _ _ _ OLDEST _ <<<"$(tail -n 1 "$log")"
}

kill_and_run() { # Redis
  redis "$1" kill r1
  redis "$1" run r1
}

kill_master() { # Redis
  redis "$1" kill "$(redis "$1" master)"
}

# What was killed follows again; the master has what it was told.
mend() { # Redis
  local name
  for name in r1 r2 r3; do
    [[ -n $(redis "$1" cli "$name" PING 2>/dev/null) ]] || redis "$1" run "$name"
  done
  redis "$1" whole
}

offset() { # Redis name
  redis "$1" cli "$2" INFO replication | tr -d '\r' | sed -n 's/^master_repl_offset://p'
}

grown() { # Redis name offset bytes
  (($(offset "$1" "$2") > $3 + $4))
}

refuses() { # Redis name
  redis "$1" cli "$2" INFO replication | grep -q '^min_slaves_good_slaves:0'
}

# The replicas stop, the master goes on for as long as the last command takes, and dies.
stall() { # Redis command...
  local name=$1 master replica
  shift
  master=$(redis "$name" master)
  for replica in r1 r2 r3; do
    [[ $replica == "$master" ]] || redis "$name" freeze "$replica"
  done
  "$@" "$name" "$master"
  redis "$name" kill "$master"
  for replica in r1 r2 r3; do
    [[ $replica == "$master" ]] || redis "$name" thaw "$replica"
  done
}

# More than what the kernel keeps for replicas that do not read: that they still get.
until_much() { # Redis master
  local from
  from=$(offset "$1" "$2")
  wait_for 60 'much that no replica has' grown "$1" "$2" "$from" "$MUCH"
}

until_refused() { # Redis master
  wait_for 20 'a master that refuses' refuses "$1" "$2"
}

# What is lost was acknowledged less than that many ms before.
repeat() { # label Redis seconds ms command...
  local label=$1 name=$2 seconds=$3 ms=$4 all=0 lost=0 i
  shift 4
  for ((i = 0; i < TIMES; i++)); do
    ledger "$name" "$seconds" "$@" "$name"
    all=$((all + ACKNOWLEDGED)) lost=$((lost + LOST))
    ((LOST == 0 || OLDEST < ms)) || fail "$label, time $((i + 1)): $LOST lost of $ACKNOWLEDGED, from $OLDEST ms before"
    [[ $name == alone ]] || mend "$name"
  done
  note "$label: $all acknowledged in $TIMES times, $lost lost"
}

printf '%s\n' 'min-replicas-to-write 1' 'min-replicas-max-lag 2' >"$RUN_DIR/careful.conf"
export REDIS_DOWN_AFTER_MS=1000
start_redises alone=single careless=sentinel
REDIS_CONF=$RUN_DIR/careful.conf start_redises careful=sentinel

repeat 'kill -9' alone 2 2500 kill_and_run
repeat 'promotion' careful 3 0 kill_master

ledger careful 12 stall careful until_refused
note "stalled replicas, min-replicas-to-write 1: $LOST of $ACKNOWLEDGED lost"
mend careful
ledger careless 30 stall careless until_much
note "stalled replicas, careless: $LOST of $ACKNOWLEDGED lost"
((LOST > 0)) || fail 'the ledger finds nothing of what must be lost'
