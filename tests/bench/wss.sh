# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Servers of the rows wss-*: the eP-CSCF, stock.cfg and bare.cfg, with the same
# memory, workers, limits and certificate, and the users of the WICs that build/tools/wims-load
# has them meet. Sourced by run.sh, which has $data, $allocator and ${options[@]}.
# shellcheck disable=SC2154

# A high rate is no more than these can ask for: each waits for its answer.
WSS_WICS=${WSS_WICS:-1000}
WSS_SHM_MB=768
# What differs from the site values that ship; docs/benchmarks/README.md has the reasons.
WSS_VALUES=(MAX_WICS=$((WSS_WICS + 600)) MAX_TCP_CONNECTIONS=$((WSS_WICS + 1500)) MAX_OPEN_FILES=8000
  SIP_WORKERS=1 WSS_WORKERS=1 PING_PERIOD=3600 TCP_LIFETIME=7200 UNREGISTERED_TIMEOUT=32)
# So many tokens of each user that the cache, as it ships, holds fewer than all: none is in it when
# its turn comes again.
WSS_CACHE=10000
WSS_FRESH=$((WSS_CACHE / WSS_WICS + 3))
WSS_MEMORY=(500 7) # users of a round of wss-memory, and rounds

# users NAME USERS TOKENS: lines of so many users, each with so many tokens
users() {
  local i k
  for ((i = 0; i < $2; i++)); do
    for ((k = 0; k < $3; k++)); do
      echo "rs256-$i"
    done
  done >"$data/$1.names"
  "$WIMS" token mint --each --key "$data/RS256.pem" --kid RS256-1 --iss https://rs256.test --aud ims.test --sub '{line}' \
    --client-id shop --jti '{line}-{n}' --impi '{line}@ims.test' --impu 'sip:{line}@ims.test' \
    --scope webrtc-ims-client-access-to-ims --exp-in 7200 <"$data/$1.names" >"$data/$1.tokens"
  sed 's/.*/sip:&@ims.test/' "$data/$1.names" | paste - "$data/$1.tokens" >"$data/$1.users"
}

# wss_server NAME CFG [VALUE=...]: kamailio-cfg/kamailio.cfg or one of tests/bench
wss_server() {
  local name=$1 cfg=$2
  # shellcheck disable=SC2034 # site_file reads it: no value but those here
  local CASE_VALUES=()
  shift 2
  site_file "$name" "${WSS_VALUES[@]}" "$@" >"$RUN_DIR/$name.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,$cfg," "$RUN_DIR/$name.cfg"
  SHM_MB=$WSS_SHM_MB start_kamailio "$name" "$RUN_DIR/$name.cfg" -x "$allocator"
}

# wss_side NAME USERS [CORE [PID]]: who asks that server, as bench.py is told; another process
# that works for it
wss_side() {
  options+=(--wss "$1=${PORT[wss-$1.wss]},${PID_OF[wss-$1]}${4:++$4},$RUN_DIR/run/wss-$1.ctl,$data/$2.users,${3:--}")
}

# wss_edge NAME USERS PROVISIONING [VALUE=...]: an eP-CSCF, and the port of its core; $redis_pid
# works for it, where there is one
wss_edge() {
  ports "wss-$1.core"
  ICSCF=127.0.0.1:${PORT[wss-$1.core]} wss_server "wss-$1" kamailio-cfg/kamailio.cfg "PROVISIONING=$data/$3.json" "${@:4}"
  wss_side "$1" "$2" "${PORT[wss-$1.core]}" "${redis_pid:-}"
}

# The registrar of the range in a Redis of its own
wss_with_redis() {
  local redis_pid
  start_redis wss single
  read -r redis_pid _ <"$RUN_DIR/redis-wss/r1.pid"
  echo "1:$(openssl rand -hex 32)" >"$data/wss.keys"
  wss_edge redis cached wss "REGISTRAR=$REDIS_ADDRESS" NODE_ID=1 "FLOW_KEY_FILE=$data/wss.keys"
}

# Those that the rows need.
start_wss() {
  users cached "$WSS_WICS" 1
  range_provisioning RS256 '{"range": "sip:rs256-!.*!@ims.test", "impi": "rs256-range@ims.test"}' >"$data/wss.json"
  wss_server wss-stock tests/bench/stock.cfg
  wss_side stock cached
  if wanted 'wss-memory*'; then
    users memory "$((WSS_MEMORY[0] * WSS_MEMORY[1]))" 1
    split -d -a 1 -l "${WSS_MEMORY[0]}" "$data/memory.users" "$data/memory.users."
  fi
  if wanted 'wss-register-*' wss-open; then
    wss_server wss-bare tests/bench/bare.cfg
    wss_side bare cached
  fi
  if wanted 'wss-*-cached*' wss-open 'wss-memory*'; then
    wss_edge cached cached wss
  fi
  if wanted 'wss-*-fresh*'; then
    users fresh "$WSS_WICS" "$WSS_FRESH"
    wss_edge fresh fresh wss
  fi
  if wanted 'wss-*-web*'; then
    wss_edge web cached provisioning
  fi
  if wanted 'wss-*-redis'; then
    wss_with_redis
  fi
  options+=(--wics "$WSS_WICS" --load-program "${LOAD_PROGRAM:-$TOP/build/tools/wims-load}" --ca "$RUN_DIR/tls/ca.pem")
}
