#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# part.sh PART: one part of "make soak": its users and servers, then part.py. The eP-CSCF is
# as it ships; what differs is in start_soaked, and in docs/benchmarks/soak.md with the reasons.
# shellcheck source=tests/integration/lib.sh
# shellcheck disable=SC2034 # what functions of the library read
. "$(dirname "$0")/../integration/lib.sh"

part=$1
# SOAK_VALUES: further site values, for a run that is no real one
SOAK_DIR=$(realpath -m "${SOAK_DIR:-$TOP/build/soak}")
WICS=${SOAK_WICS:-5000}
WICS=${WICS%.*}
SOAK_MINUTES=${SOAK_MINUTES:-60}
# 10 minutes of a REGISTER each 10 s, the first one, and some
FRESH_EACH=$(awk -v m="${SOAK_MINUTE:-60}" 'BEGIN { print int(m + 4) }')
mkdir -p "$SOAK_DIR"
# shellcheck source=tests/soak/users.sh
. "$TOP/tests/soak/users.sh"

CASE_VALUES=()
KAMAILIO_OPTIONS=(-x "${ALLOCATOR:-qm}")
options=()
# Where all processors are busy, wims-load goes first: it must not be late for want of one.
behind=(nice -n 5)

# values_for WICS: what the site has to be told
values_for() {
  # shellcheck disable=SC2206 # words are wanted
  values=("MAX_WICS=$(($1 + 100))" "MAX_TCP_CONNECTIONS=$(($1 + 600))" "MAX_OPEN_FILES=$(($1 + 1200))"
    "WSS_WORKERS=$((($1 + 100) / 250 + 1))" ${SOAK_VALUES:-})
  SHM_MB=$((512 + $1 * 200 / 1000)) # 158 KB each; a tenth of all stays free, and requests take some
}

# server NAME: for part.py
server() {
  options+=(--server "$1=${PORT[$1.wss]},${PID_OF[$1]},127.0.0.1:${PORT[$1.mw]}")
}

# start_soaked NAME WICS [VALUE...]
start_soaked() {
  values_for "$2"
  values+=("${@:3}")
  START_SECONDS=60 start_epcscf "$1" "PROVISIONING=$PROVISIONING" "${values[@]}"
  server "$1"
  options+=(--value="$1:" "${values[@]/#/--value=}" "--value=-m $SHM_MB" "--value=-x ${ALLOCATOR:-qm}")
}

# start_stock NAME WICS: the stock Kamailio of "make bench", with the same memory and limits.
# It has one worker of TCP: with more, it dies (docs/security.md).
start_stock() {
  values_for "$2"
  values+=(WSS_WORKERS=1)
  site_file "$1" "${values[@]}" >"$RUN_DIR/$1.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/stock.cfg," "$RUN_DIR/$1.cfg"
  START_SECONDS=60 start_kamailio "$1" "$RUN_DIR/$1.cfg" "${KAMAILIO_OPTIONS[@]}"
  server "$1"
}

run_part() {
  ln -sf "$SOAK_DIR/$part.log" "$RUN_DIR/log/part.log"
  spawn part env "PYTHONPATH=$TOP/tests:$TOP/tests/tools" PYTHONDONTWRITEBYTECODE=1 \
    "SOAK_DIR=$SOAK_DIR" python3 -m soak.part "$part" --run "$RUN_DIR" --tokens "$TOKENS" \
    --core "127.0.0.1:${PORT[core]}" --range "$RANGE" "${options[@]}"
  wait "${PID_OF[part]}"
}

# What this machine is, and what else it does; a small run does not wait for it.
idle=300
[[ ${SOAK_MINUTE:-60} == 60 ]] || idle=0
python3 "$TOP/tests/bench/record.py" --idle "$idle" >"$RUN_DIR/record.json" || true

ports core
ICSCF=127.0.0.1:${PORT[core]}
soak_provisioning
case $part in
  hour)
    # The core has to know of a loss within the same minute.
    [[ ${SOAK_MINUTE:-60} == 60 ]] || soak_provisioning dereg_grace=0
    need_users hour
    start_soaked edge $((WICS + WICS / 20))
    ;;
  thousands)
    need_users mixed plain
    start_soaked edge $((2 * WICS))
    start_stock bare $((2 * WICS))
    start_stock registered $((2 * WICS))
    ;;
  fresh)
    need_users fresh
    start_soaked edge "$WICS"
    ;;
  capacity)
    need_users fresh web
    KAMAILIO_UNDER=("${behind[@]}")
    start_soaked single "$WICS" WSS_WORKERS=1
    start_soaked edge "$WICS"
    start_stock stock "$WICS"
    ;;
  overload)
    need_users range web
    KAMAILIO_UNDER=("${behind[@]}")
    start_soaked edge "$WICS"
    ;;
  lost)
    # The core is told at once; otherwise 5 s later, for a page that is reloaded.
    soak_provisioning dereg_grace=0
    options+=(--value=dereg_grace=0)
    need_users web range
    start_soaked edge "$WICS"
    ;;
  restart)
    need_users mixed
    EXPECT_DEATH=yes
    KAMAILIO_UNDER=("$TOP/tests/soak/again.sh")
    start_soaked edge "$WICS"
    ;;
  *) fail "there is no part $part" ;;
esac
run_part
