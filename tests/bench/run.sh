#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make bench": the eP-CSCF as it ships, with wims_bench.so beside its own
# module, a stock registrar, and bench.py to measure both.
#   ROWS="name ..."  only these rows (patterns)
#   BENCH_DOC=yes    the table into docs/benchmarks/README.md too
#   ALLOCATOR=fm     another shared memory manager of the eP-CSCF than qm, Kamailio's default
#   RESULTS=FILE     instead of build/bench/results.json
set -euo pipefail

# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/../integration/lib.sh"

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

# One worker of each kind: all samples come from the same process.
start_edge() {
  ports core
  ICSCF=127.0.0.1:${PORT[core]}
  {
    site_file edge "PROVISIONING=$data/provisioning.json" SIP_WORKERS=1 WSS_WORKERS=1
    echo "loadmodule \"$TOP/build/bench/wims_bench.so\""
    echo "modparam(\"wims_bench\", \"dir\", \"$data\")"
  } >"$RUN_DIR/edge.cfg"
  start_kamailio edge "$RUN_DIR/edge.cfg" -x "$allocator"
}

start_stock() {
  at_exit "$TOP/tests/tools/standin/standin.sh" stop "$RUN_DIR/stock"
  "$TOP/tests/tools/standin/standin.sh" start "$RUN_DIR/stock" --tcp-children 1 {PORT_LOCK}>&-
  # shellcheck source=/dev/null
  . "$RUN_DIR/stock/env"
}

allocator=${ALLOCATOR:-qm}
results=${RESULTS:-$TOP/build/bench/results.json}
mkdir -p "${results%/*}"
make_keys
make_tokens
start_edge
start_stock
PYTHONPATH=$TOP/tests/tools python3 "$CASE_DIR/bench.py" \
  --worker "127.0.0.1:${PORT[edge.mw]}" --data "$data" --core-port "${PORT[core]}" \
  --edge "${PORT[edge.wss]}" --edge-pid "${PID_OF[edge]}" --edge-ca "$RUN_DIR/tls/ca.pem" \
  --stock "$WSS_PORT" --stock-pid "$PID" --stock-ca "$CA" \
  --results "$results" --allocator "$allocator" \
  ${BENCH_DOC:+--doc "$TOP/docs/benchmarks/README.md"} --rows "${ROWS:-*}"
