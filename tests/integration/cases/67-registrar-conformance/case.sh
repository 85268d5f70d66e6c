#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

STORE=$TOP/build/redis
declare -A AT

# The program that was spawned under that name has ended, and well.
ended_well() { # name
  local status=0
  wait "${PID_OF[$1]}" || status=$?
  forget "$1"
  ((status == 0)) || fail "$1: $(grep -vE 'OK \]|RUN ' "$RUN_DIR/log/$1.log" | tail -n 20)"
}

# ledger NAME RUN SECONDS MS COMMAND...: a ledger over what the command does to Redis;
# what was acknowledged longer before that than MS is not lost
ledger() {
  local name=$1 run=$2 seconds=$3 ms=$4 log=$RUN_DIR/log/ledger-$1.log lost oldest
  shift 4
  spawn "ledger-$name" "$STORE/store_ledger" "${AT[$name]}" "$run" "$seconds"
  wait_for 10 'the first 1,000 registrations' grep -q begun "$log"
  "$@"
  ended_well "ledger-$name"
  note "$name: $(tail -n 1 "$log")"
  lost=$(sed -nE 's/^acknowledged [0-9]{4,} lost ([0-9]+) unreadable 0 .*/\1/p' "$log")
  oldest=$(sed -nE 's/.* oldest ([0-9]+) ms$/\1/p' "$log")
  [[ -n $lost && -n $oldest ]] || fail "the ledger of $name"
  ((lost == 0 || oldest < ms)) || fail "lost on $name: $lost, the oldest from $oldest ms before"
}

kill_and_run() { # name of the Redis
  redis "$1" kill r1
  redis "$1" run r1
}

kill_master() {
  redis sentinel kill "$(redis sentinel master)"
}

export REDIS_DOWN_AFTER_MS=1000
start_redises single=single sentinel=sentinel cluster=cluster
for mode in single sentinel cluster; do
  AT[$mode]=$(redis "$mode" address)
done

for mode in single sentinel cluster; do
  spawn "conform-$mode" "$STORE/store_conform" "${AT[$mode]}" 300 2000 1
done
spawn race-later "$STORE/store_race" "${AT[cluster]}" 1002 1000 3 64
for mode in single sentinel cluster; do
  ended_well "conform-$mode"
  grep -qE 'PASSED.* [1-9][0-9]+ test' "$RUN_DIR/log/conform-$mode.log" || fail "no tests on $mode"
done

ended_well race-later
spawn race-now "$STORE/store_race" "${AT[single]}" 1001 1000 0 64
ended_well race-now
for when in later now; do
  expect_eq "$(grep -c '1000 IMPUs given, 64 clients refused, 0 faults' "$RUN_DIR/log/race-$when.log")" 2 'rounds'
done

# No operation takes longer where many are registered. A walk over all of them would
# take 50 times as long.
for users in 1000 50000; do
  redis single cli r1 FLUSHALL >"$RUN_DIR/flushed"
  "$STORE/store_work" "${AT[single]}" "$users" "$users" >"$RUN_DIR/work-$users"
done
python3 "$CASE_DIR/work.py" "$TOP/docs/registrar-schema.md" "$RUN_DIR/work-1000" "$RUN_DIR/work-50000"

python3 "$CASE_DIR/poison.py" >"$RUN_DIR/poison"
(($(wc -l <"$RUN_DIR/poison") >= 200)) || fail 'too few hostile values'
"$STORE/store_poison" "${AT[single]}" 2 <"$RUN_DIR/poison" || fail 'a hostile value did harm'

# While the disk is busy with its fsync, Redis answers before it writes, for 2 s at most.
ledger single 3001 3 2500 kill_and_run single
ledger sentinel 3002 4 0 kill_master

# What the ledger left, seen by the examples of the document.
export TAG
TAG=$(printf '%08x00000000' 3001)
place=$(redis single place r1)
redis-cli() {
  echo "> $*"
  command redis-cli -h "${place%:*}" -p "${place#*:}" -e "$@"
}
# shellcheck disable=SC2016 # a fence, no command
sed -n '/^```sh$/,/^```$/p' "$TOP/docs/registrar-schema.md" | grep '^redis-cli ' >"$RUN_DIR/examples"
# shellcheck disable=SC1091
. "$RUN_DIR/examples" >"$RUN_DIR/shown"
expect_eq "$(grep -c '^> ' "$RUN_DIR/shown")" 8 'examples'
grep -qx 'sip:user7@ims.test' "$RUN_DIR/shown" || fail 'no entry is shown'
grep -A1 '^> GET.*:u:user7' "$RUN_DIR/shown" | grep -qx 7 || fail 'no index of a user is shown'
grep -A1 '^> ZCOUNT' "$RUN_DIR/shown" | grep -qxE '[0-9]{4,}' || fail 'no leases are counted'
