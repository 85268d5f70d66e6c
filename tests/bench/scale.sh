#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a WIC in a range costs an eP-CSCF as it ships, alone ("shm") and with a Redis
# ("redis"), and its Redis. docs/scaling.md reckons with it.
#   WICS=500         as many
#   IDLE=20          seconds in which they do nothing
#   ALLOCATOR=fm     shared memory manager of Kamailio
#   BENCH_DOC=yes    the table into docs/benchmarks/README.md too
set -euo pipefail

# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/../integration/lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"

wics=${WICS:-500}
allocator=${ALLOCATOR:-fm}
KAMAILIO_OPTIONS=(-x "$allocator")
export SHM_MB=512

make_tokens() {
  local i
  for ((i = 0; i < wics; i++)); do
    echo "range1-$i $(mint "range1-$i" --exp-in 3600)"
  done >"$RUN_DIR/tokens"
}

# measure NODE NAME [OPTION...]: rows NAME-...
measure() {
  local node=$1 name=$2
  shift 2
  PYTHONPATH=$TOP/tests/tools python3 "$TOP/tests/bench/scale.py" --name "$name" --port "${PORT[$node.wss]}" \
    --pid "${PID_OF[$node]}" --ctl "unix:$RUN_DIR/run/$node.ctl" --ca "$RUN_DIR/tls/ca.pem" \
    --origin "$WWSF_ORIGIN" --tokens "$RUN_DIR/tokens" "$@"
}

redis_cpu_us() {
  redis reg cli r1 INFO cpu | awk -F: '/^used_cpu_(user|sys):/ { us += $2 * 1e6 } END { printf "%d", us }'
}

# What a beat costs Redis when so many nodes live.
measure_beat() { # nodes
  local i sha now before scripts=$TOP/modules/webrtc_ims/redis/scripts rounds=2000
  now=$(date +%s%3N)
  for ((i = 0; i < $1; i++)); do
    echo "HSET wims:{nodes}:beat $i '$now 1700000000 192.0.2.$i:5060'"
  done | redis reg cli r1 >/dev/null
  sha=$(cat "$scripts/common.lua" "$scripts/beat.lua" | redis reg cli r1 -x SCRIPT LOAD)
  before=$(redis_cpu_us)
  redis-benchmark -q -p "$redis_port" -c 1 -n "$rounds" EVALSHA "$sha" 1 'wims:{nodes}:beat' 1 1700000000 \
    192.0.2.1:5060 3000 86400000 256 >"$RUN_DIR/log/beat.log"
  expect_eq "$(redis reg cli r1 HLEN 'wims:{nodes}:beat')" "$1" 'nodes'
  echo "beat-$1-store $((($(redis_cpu_us) - before) / rounds)) us"
}

# The table of the benchmarks, and the numbers beside it
write_doc() {
  PYTHONPATH=$TOP/tests/bench python3 - "$TOP/docs/benchmarks" "$RUN_DIR/rows" "$taken" "$allocator" <<-'END'
	import json, sys
	import record, report
	directory, rows, taken, allocator = sys.argv[1:]
	with open(taken, encoding="utf-8") as f:
	    taken = json.load(f)
	more = {"where": f"{record.text(taken)}; shared memory: {allocator}", "taken": taken["date"], "load": taken["loadavg"]}
	with open(rows, encoding="ascii") as f:
	    found = [{"name": name, "unit": unit, "ours": float(value)} | more for name, value, unit in map(str.split, f)]
	report.write_raw(f"{directory}/scale.json", {"scale": found})
	report.write_tables(f"{directory}/README.md", {"scale": found})
	END
}

taken=$RUN_DIR/record.json
python3 "$TOP/tests/bench/record.py" ${BENCH_DOC:+--idle 180} >"$taken"
start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
make_tokens
values=(MAX_WICS=2000 MAX_TCP_CONNECTIONS=3000 MAX_OPEN_FILES=5000 WICS_PER_ADDRESS=0 HANDSHAKES_PER_ADDRESS=1000000
  SIP_WORKERS=2 WSS_WORKERS=2)
start_node shm 1 "${values[@]}"
measure shm shm | tee "$RUN_DIR/rows"
stop shm
start_redis reg single
redis_port=${REDIS_ADDRESS##*:}
start_node redis 2 "REGISTRAR=$REDIS_ADDRESS" "${values[@]}"
measure redis redis --redis-port "$redis_port" \
  --redis-pid "$(redis reg cli r1 INFO server | sed -n 's/^process_id:\([0-9]*\).*/\1/p')" | tee -a "$RUN_DIR/rows"
stop redis
measure_beat 128 | tee -a "$RUN_DIR/rows"
[[ -z ${BENCH_DOC:-} ]] || write_doc
