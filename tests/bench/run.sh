#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make bench": what the rows need (the eP-CSCF as it ships, with wims_bench.so beside its
# own module; what it is measured against), and bench.py to measure them.
#   ROWS="name ..."  only these rows (patterns)
#   BENCH_DOC=yes    the table into docs/benchmarks/README.md too; not on a machine that does other work
#   ALLOCATOR=fm     another shared memory manager of the eP-CSCF than qm, Kamailio's default
#   RESULTS=FILE     instead of build/bench/results.json
#   BENCH_ROUNDS=0   starts what the rows need, and measures nothing
set -euo pipefail

# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/../integration/lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"
# shellcheck source=tests/integration/lib/eicscf.sh
. "$TOP/tests/integration/lib/eicscf.sh"
# shellcheck source=tests/bench/wss.sh
. "$TOP/tests/bench/wss.sh"

data=$RUN_DIR/bench
algs=(RS256 ES256 EdDSA)

# A WWSF for each algorithm: provisioning, token and public key of it.
wwsf_member() { # alg
  local alg=$1 host=${1,,}.test
  cat <<-END
	{"name": "$alg", "scenario": "web-auth", "domain": "ims.test", "origins": ["https://$host"],
	 "issuer": "https://$host", "audience": "ims.test", "algorithms": ["$alg"],
	 "keys": {"jwks": $(cat "$data/$alg.jwks")}, "authz_server": "https://$host/token",
	 "impus": ["sip:${alg,,}-*@ims.test"], "impis": ["${alg,,}-*@ims.test"]}
	END
}

make_keys() {
  local alg separator=''
  mkdir -p "$data"
  for alg in "${algs[@]}"; do
    "$WIMS" key generate --alg "$alg" --kid "$alg-1" --out "$data/$alg.pem" --jwks-out "$data/$alg.jwks"
    openssl pkey -in "$data/$alg.pem" -pubout -out "$data/$alg.pub.pem"
  done
  {
    printf '{"version": 1, "wwsf": ['
    for alg in "${algs[@]}"; do
      printf '%s' "$separator"
      wwsf_member "$alg"
      separator=,
    done
    printf ']}\n'
  } >"$data/provisioning.json"
}

# mint_for ALG KEY NAME: what an authorization server would say
mint_for() {
  local user=${1,,}-$3
  "$WIMS" token mint --key "$data/$2.pem" --kid "$1-1" --iss "https://${1,,}.test" --aud ims.test \
    --sub "$user" --client-id shop --jti "$user-$RANDOM$RANDOM$RANDOM" --impi "$user@ims.test" \
    --impu "sip:$user@ims.test" --scope webrtc-ims-client-access-to-ims --exp-in 3600
}

base64url() {
  openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# libjwt does not sign with Ed25519: the claims of another token, signed here.
mint_eddsa() {
  local claims=$1 input
  input=$(printf '{"alg":"EdDSA","kid":"EdDSA-1","typ":"JWT"}' | base64url).$claims
  printf '%s' "$input" >"$data/input"
  openssl pkeyutl -sign -rawin -inkey "$data/EdDSA.pem" -in "$data/input" -out "$data/signature"
  printf '%s.%s\n' "$input" "$(base64url <"$data/signature")"
}

make_tokens() {
  local other user
  mint_for RS256 RS256 alice >"$data/RS256.token"
  mint_for ES256 ES256 alice >"$data/ES256.token"
  other=$(mint_for EdDSA ES256 alice)
  other=${other#*.}
  mint_eddsa "${other%%.*}" >"$data/EdDSA.token"
  "$WIMS" token verify --config "$data/provisioning.json" <<<"$(cat "$data"/*.token)" >"$RUN_DIR/log/verify.log"
  for user in wic{1..8}; do
    mint_for ES256 ES256 "$user"
  done >"$data/register.tokens"
}

# wanted PATTERN...: is a row of such a name to be measured?
wanted() {
  local name pattern
  for name in "${rows[@]}"; do
    for pattern in "$@"; do
      # shellcheck disable=SC2053 # patterns are wanted
      [[ $name != $pattern ]] || return 0
    done
  done
  return 1
}

# start_workers NAME WORKERS [TOKENS]: the eP-CSCF as it ships, with wims_bench.so
# and room for that many tokens in its cache
start_workers() {
  {
    site_file "$1" "PROVISIONING=$data/provisioning.json" SIP_WORKERS="$2" WSS_WORKERS=1
    echo "loadmodule \"$TOP/build/bench/wims_bench.so\""
    echo "modparam(\"wims_bench\", \"dir\", \"$data\")"
    echo "modparam(\"wims_bench\", \"tokens\", ${3:-100})"
  } >"$RUN_DIR/$1.cfg"
  start_kamailio "$1" "$RUN_DIR/$1.cfg" -x "$allocator"
  options+=(--worker "$1=${PORT[$1.mw]}")
}

# start_answers WORKERS: answer.cfg, with as many WSS workers. Both sides of the
# row are the same server: what its memory manager has to look through is another
# thing in each, and more than a token costs.
start_answers() {
  local name=answers-$1 workers=$1
  site_file "$name" "PROVISIONING=$data/provisioning.json" SIP_WORKERS=1 "WSS_WORKERS=$workers" \
    >"$RUN_DIR/$name.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/answer.cfg," "$RUN_DIR/$name.cfg"
  start_kamailio "$name" "$RUN_DIR/$name.cfg" -x "$allocator"
  side "checked-$workers" "${PORT[$name.wss]}" "${PID_OF[$name]}" "$RUN_DIR/tls/ca.pem" https://es256.test 601
  side "answered-$workers" "${PORT[$name.wss]}" "${PID_OF[$name]}" "$RUN_DIR/tls/ca.pem" https://es256.test 600
}

# in_a_range ALG JSON: members of wwsf_member that make what is theirs a range, instead of a list
in_a_range() {
  wwsf_member "$1" | sed "s/\"web-auth\"/\"range\"/; s/\"impus\": .*\"impis\"/\"ranges\": [$2], \"impis\"/"
}

# range_provisioning ALG JSON
range_provisioning() {
  printf '{"version": 1, "wwsf": [%s]}\n' "$(in_a_range "$1" "$2")"
}

# range_server NAME WORKERS [VALUE=...]: a registrar of a range, over plain WebSockets.
# LISTEN_WS is defined behind LISTEN_WSS, for its name is the beginning of that one.
range_server() {
  local name=$1 workers=$2 plain
  shift 2
  ports "$name.ws"
  range_provisioning ES256 '{"range": "sip:es256-!.*!@ims.test", "impi": "es256-range@ims.test"}' >"$data/range.json"
  site_file "$name" "PROVISIONING=$data/range.json" SIP_WORKERS=1 "WSS_WORKERS=$workers" "$@" >"$RUN_DIR/$name.cfg"
  plain="#!define WITH_PLAIN_WS\n#!substdef \"!LISTEN_WS!tcp:127.0.0.1:${PORT[$name.ws]}!g\""
  sed -i "s|^include_file |$plain\n&|" "$RUN_DIR/$name.cfg"
  start_kamailio "$name" "$RUN_DIR/$name.cfg" -x "$allocator"
}

# start_registrars WORKERS: the same range, with the registrar in Redis and in the
# memory of the node
start_registrars() {
  local in_redis=in-redis-$1 in_shm=in-shm-$1 redis_pid
  start_redis "bench$1" single
  read -r redis_pid _ <"$RUN_DIR/redis-bench$1/r1.pid"
  [[ -s $data/flow.keys ]] || echo "1:$(openssl rand -hex 32)" >"$data/flow.keys"
  range_server "$in_redis" "$1" "REGISTRAR=$REDIS_ADDRESS" NODE_ID=1 "FLOW_KEY_FILE=$data/flow.keys"
  range_server "$in_shm" "$1"
  side "$in_redis" "${PORT[$in_redis.ws]}" "${PID_OF[$in_redis]}" - https://es256.test
  side "$in_redis-all" "${PORT[$in_redis.ws]}" "${PID_OF[$in_redis]}+$redis_pid" - https://es256.test
  side "$in_shm" "${PORT[$in_shm.ws]}" "${PID_OF[$in_shm]}" - https://es256.test
}

# relay_defines NAME: ports of its own, and the same core as the eP-CSCF
relay_defines() {
  ports "$1.relay" "$1.udp"
  printf '#!substdef "!%s!%s!g"\n' PORT_OF_WSS "${PORT[$1.relay]}" PORT_OF_UDP "${PORT[$1.udp]}" \
    RELAY_WSS "tls:127.0.0.1:${PORT[$1.relay]}" RELAY_UDP "udp:127.0.0.1:${PORT[$1.udp]}" RELAY_CORE "sip:$ICSCF"
}

# start_setups: setup.cfg, and relay.cfg alone
start_setups() {
  local name
  {
    relay_defines setups
    site_file setups "PROVISIONING=$data/provisioning.json" SIP_WORKERS=1 WSS_WORKERS=1
  } >"$RUN_DIR/setups.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/setup.cfg," "$RUN_DIR/setups.cfg"
  {
    relay_defines relay
    site_file relay
  } >"$RUN_DIR/relay.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/relay.cfg," "$RUN_DIR/relay.cfg"
  for name in setups relay; do
    SHM_MB=500 start_kamailio "$name" "$RUN_DIR/$name.cfg" -x "$allocator"
    side "${name/setups/inside}-relayed" "${PORT[$name.relay]}" "${PID_OF[$name]}" "$RUN_DIR/tls/ca.pem" https://es256.test
  done
  side calls "${PORT[setups.wss]}" "${PID_OF[setups]}" "$RUN_DIR/tls/ca.pem" https://es256.test
}

# start_rejects: reject.cfg, with a range in which nobody is
start_rejects() {
  ports reject.stock
  range_provisioning ES256 '{"range": "sip:shop-!.*!@ims.test", "impi": "es256-shop@ims.test"}' \
    >"$data/ranges.json"
  {
    printf '#!substdef "!LISTEN_STOCK!udp:127.0.0.1:%s!g"\n#!define STOCK_PORT %s\n' "${PORT[reject.stock]}" "${PORT[reject.stock]}"
    site_file reject "PROVISIONING=$data/ranges.json" SIP_WORKERS=1 WSS_WORKERS=1
  } >"$RUN_DIR/reject.cfg"
  sed -i "s,kamailio-cfg/kamailio.cfg,tests/bench/reject.cfg," "$RUN_DIR/reject.cfg"
  start_kamailio reject "$RUN_DIR/reject.cfg" -x "$allocator"
  side reject "${PORT[reject.mw]}" "${PID_OF[reject]}" - -
  side stock-socket "${PORT[reject.stock]}" "${PID_OF[reject]}" - -
}

# start_query: the eI-CSCF as it ships, and one user who is registered
start_query() {
  local tag key name text
  range_provisioning ES256 '{"range": "sip:shop-!.*!@ims.test", "impi": "es256-shop@ims.test"}' \
    >"$data/query.json"
  start_redis query single
  SITE_TAIL="loadmodule \"$TOP/build/bench/wims_bench.so\"
modparam(\"wims_bench\", \"redis\", \"${REDIS_ADDRESS#redis:}\")" \
    start_eicscf eicscf "PROVISIONING=$data/query.json" SIP_WORKERS=1
  tag=$(printf %s 'sip:shop-!.*!@ims.test' | sha256sum | cut -c1-16)
  key="wims:{$tag}:e:sip:shop-bench@ims.test"
  name=0123456789abcdef01234567
  text="$(($(date +%s) + 3600))000 1 1700000000 500 01234567890123456789012345678901 1 <urn:uuid:00000000-0000-1000-8000-000000000001>"
  redis query cli r1 SET "wims:{$tag}:format" 1 >/dev/null
  redis query cli r1 HSET "$key" owner '' impu sip:shop-bench@ims.test since 1700000000000 "c:$name" "$text" >/dev/null
  redis query cli r1 SET bench:text "owner impu sip:shop-bench@ims.test since 1700000000000 c:$name $text" >/dev/null
  options+=(--worker "eicscf=${PORT[eicscf.sip]}")
}

# side NAME PORT PID CA ORIGIN [EXPIRES]: of a row about REGISTERs
side() {
  options+=(--side "$1=$2,$3,$4,$5,${6:-600}")
}

# for_rows PATTERN... -- COMMAND...: servers, where a row needs them, in a block of ports of
# their own: one has not enough for all.
for_rows() {
  local patterns=()
  while [[ $1 != -- ]]; do
    patterns+=("$1")
    shift
  done
  if wanted "${patterns[@]}"; then
    claim_ports
    "${@:2}"
  fi
}

# All servers that the rows need. One worker of each kind: all samples come from
# the same process.
start_servers() {
  local workers
  make_keys
  make_tokens
  ports core
  ICSCF=127.0.0.1:${PORT[core]}
  for_rows 'wss-*' -- start_wss
  for_rows 'jws-*[!4]' 'validate-*' 'libjwt-*' 'cache-hit-*[!4]' 'garbage-*[!4]' -- start_workers one 1
  for_rows 'call-setup*' -- start_setups
  for_rows 'jws-*-4' 'cache-hit-*-4' 'garbage-*-4' -- start_workers four 4
  SHM_MB=1400 for_rows 'cache-million' 'cache-bytes' -- start_workers big 1 1000100
  for workers in 1 2 4; do
    for_rows "register-redis-$workers" "register-redis-*-$workers" -- start_registrars "$workers"
  done
  for workers in 1 4; do
    for_rows "register-cached-$workers" -- start_answers "$workers"
  done
}

# Lookups in sets of ranges, and the store of the registrar, need no Kamailio.
need_servers() {
  local name
  for name in "${rows[@]}"; do
    [[ $name == range-* || $name == registrar-* ]] || return 0
  done
  return 1
}

# Two Redis, for few users and for many.
start_stores() {
  local name
  start_redises few=single many=single
  for name in few many; do
    options+=(--store "$name=$(redis "$name" address)")
  done
}

bench() {
  PYTHONPATH=$TOP/tests/tools python3 "$CASE_DIR/bench.py" "$@"
}

allocator=${ALLOCATOR:-qm}
results=${RESULTS:-$TOP/build/bench/results.json}
taken=$RUN_DIR/record.json
names=$(bench --rows "${ROWS:-*}" --list)
mapfile -t rows <<<"$names"
options=()
mkdir -p "${results%/*}"
python3 "$CASE_DIR/record.py" ${BENCH_DOC:+--idle 180} >"$taken"
if need_servers; then
  start_servers
fi
for_rows eicscf-query -- start_query
for_rows 'reject-*' -- start_rejects
for_rows 'registrar-*' -- start_stores
[[ ${BENCH_ROUNDS:-} != 0 ]] || exit 0
bench "${options[@]}" \
  --data "$data" ${PORT[core]:+--core-port "${PORT[core]}"} --results "$results" \
  --record "$taken" --allocator "$allocator" --range-program "$TOP/build/bench/bench_range" \
  --store-program "$TOP/build/redis/store_bench" \
  ${BENCH_DOC:+--doc "$TOP/docs/benchmarks/README.md"} --rows "${ROWS:-*}"
