#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make profile": instructions of one REGISTER, counted by callgrind in the processes
# that have to do with it: the eP-CSCF as it ships, alone and with a Redis, and a stock
# registrar. Everything is done twice, each time with new servers.
#   ROWS="name ..."  only these rows of profile_registers.py (patterns)
#   RUNS=1           once
#   ALLOCATOR=qm     another shared memory manager than fm, whose cost does not depend on what was there before
#   PROFILE_DOC=yes  the tables into docs/benchmarks/profile.md too
#   RESULTS=FILE     instead of build/bench/profile.json
set -euo pipefail

# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/../integration/lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

data=$RUN_DIR/profile
allocator=${ALLOCATOR:-fm}
runs=${RUNS:-2}
results=${RESULTS:-$TOP/build/bench/profile.json}
# Eight WICs, and more REGISTERs than profile_registers.py sends.
tokens_each=100
export PYTHONPATH=$TOP/tests/bench:$TOP/tests/tools PYTHONDONTWRITEBYTECODE=1

# A kamailio in front of the real one. It starts without counting, which is faster.
put_under_callgrind() {
  local real
  real=$(command -v kamailio)
  mkdir -p "$RUN_DIR/bin" "$data"
  cat >"$RUN_DIR/bin/kamailio" <<-END
	#!/bin/sh
	exec valgrind -q --tool=callgrind --instr-atstart=no --trace-children=yes "--trace-children-skip=*/wims" \\
	  --callgrind-out-file=$data/%p $real "\$@"
	END
  chmod +x "$RUN_DIR/bin/kamailio"
  PATH=$RUN_DIR/bin:$PATH
}

# wwsf NAME SCENARIO [NAME=JSON...]: a WWSF with users NAME-1 to NAME-8, and tokens of them
wwsf() {
  local name=$1 origin=https://$1.test
  add_wwsf "name=\"$name\"" "scenario=\"$2\"" 'domain="ims.test"' "origins=[\"$origin\"]" "${@:3}"
}

web_wwsf() { # name scenario [NAME=JSON...]
  local name=$1 origin=https://$1.test
  wwsf "$name" "$2" "issuer=\"$origin\"" 'audience="ims.test"' 'algorithms=["RS256"]' \
    'keys={"jwks_file": "jwks.json"}' "impis=[\"$name-*@ims.test\"]" "${@:3}"
  for ((i = 0; i < tokens_each; i++)); do
    printf "$name-%d\n" {1..8}
  done | "$WIMS" token mint --each --key "$RUN_DIR/wwsf/key.pem" --kid k1 --iss "$origin" --aud ims.test \
    --sub '{line}' --client-id shop --jti '{line}-{n}' --impi '{line}@ims.test' --impu 'sip:{line}@ims.test' \
    --scope webrtc-ims-client-access-to-ims --exp-in 3600 >"$data/$name.tokens"
}

make_wwsfs() {
  wwsf_key k1 key jwks RS256
  wwsf digest ims-auth
  web_wwsf web web-auth 'impus=["sip:web-*@ims.test"]'
  web_wwsf pool pool 'ranges=["sip:pool-![1-9][0-9]{0,2}!@ims.test"]'
  web_wwsf range range 'ranges=[{"range": "sip:range-!.*!@ims.test", "impi": "range@ims.test"}]'
}

# start_edge NAME [VALUE=...]: pings of WICs would be counted as well
start_edge() {
  start_epcscf "$1" "PROVISIONING=$PROVISIONING" SIP_WORKERS=1 WSS_WORKERS=1 PING_PERIOD=3600 \
    TCP_LIFETIME=7200 "${@:2}"
}

# The same transport, with stock.cfg in place of the routing script
start_stock() {
  site_file stock "PROVISIONING=$PROVISIONING" SIP_WORKERS=1 WSS_WORKERS=1 PING_PERIOD=3600 \
    TCP_LIFETIME=7200 >"$RUN_DIR/stock.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/stock.cfg," "$RUN_DIR/stock.cfg"
  start_kamailio stock "$RUN_DIR/stock.cfg" "${KAMAILIO_OPTIONS[@]}"
}

start_server() {
  case $1 in
    edge) start_edge edge ;;
    stock) start_stock ;;
    redis)
      claim_ports
      start_redis "profile$run" single
      openssl rand -hex 32 | sed 's/^/1:/' >"$data/flow.keys"
      start_edge redis "REGISTRAR=$REDIS_ADDRESS" NODE_ID=1 "FLOW_KEY_FILE=$data/flow.keys"
      ;;
  esac
}

# profile SERVER: its rows, into $data/SERVER-RUN.json
profile() {
  note "$1, run $run"
  PORT[$1.wss]=''
  start_server "$1"
  python3 "$TOP/tests/bench/profile_registers.py" --server "$1" --port "${PORT[$1.wss]}" --core-port "${PORT[core]}" \
    --ca "$RUN_DIR/tls/ca.pem" --ctl "unix:$RUN_DIR/run/$1.ctl" --data "$data" --folder "$data" \
    --results "$data/$1-$run.json" --rows "$rows" {PORT_LOCK}>&-
  stop "$1" || true
}

rows=${ROWS:-*}
servers=$(python3 -c 'import sys, profile_registers as p
print(*sorted({row.server for row in p.chosen(sys.argv[1]).values()}))' "$rows")
[[ -n $servers ]] || fail "no row is named $rows"
KAMAILIO_OPTIONS=(-x "$allocator")
export START_SECONDS=120
put_under_callgrind
make_wwsfs
ports core
ICSCF=127.0.0.1:${PORT[core]}
for ((run = 1; run <= runs; run++)); do
  for server in $servers; do
    profile "$server"
  done
done
mkdir -p "${results%/*}"
python3 "$TOP/tests/bench/profile_table.py" --results "$results" --allocator "$allocator" \
  ${PROFILE_DOC:+--doc "$TOP/docs/benchmarks/profile.md"} "$data"/*-[0-9].json
