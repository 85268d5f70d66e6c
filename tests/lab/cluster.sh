#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Several eP-CSCFs with one registrar, on a network of their own (net.sh): what falls can be made to fall.
#
#   cluster.sh DIR start                   all of it; DIR/env says where everything is
#   cluster.sh DIR end                     nothing is left
#   cluster.sh DIR status                  a line for each part
#   cluster.sh DIR kill|freeze|thaw NODE   kill -9, SIGSTOP, SIGCONT of an eP-CSCF or a Redis
#   cluster.sh DIR run NODE                started again
#   cluster.sh DIR stop NODE               a clean stop of an eP-CSCF
#   cluster.sh DIR cut|heal HOST [PLANE...]   net.sh: nothing passes to and from it
#   cluster.sh DIR on HOST COMMAND...      a command on a host
#   cluster.sh DIR rpc NODE COMMAND...     kamcmd there
#   cluster.sh DIR core COMMAND...         core.sh of its core
#   cluster.sh DIR redis WORD...           redis.sh of its Redis
#
# Hosts: edge1 edge2 edge3 (one eP-CSCF each), core (I-CSCF, S-CSCF, HSS), eicscf (in front of that I-CSCF, for the
# S-CSCF), redis (r1 to r6), tester (WICs, and P-CSCFs of other subscribers). Settings, from the environment of start:
#   NODES=3                 how many eP-CSCFs
#   REDIS=cluster-replicas  mode of redis.sh, or none: then each eP-CSCF is a registrar of its own, without eI-CSCF
#   RANGES='[...]'          "ranges" of the provisioning; subscribers of the core are those of core/subscribers.json
#   SITE='NAME=VALUE ...'   more values of site.cfg, for all
#   FRONT_SITE='NAME=VALUE ...'   the same of eicscf-site.cfg
#   MAX_WICS=400            for each eP-CSCF
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=epcscf.sh
. "$HERE/epcscf.sh"
# shellcheck source-path=SCRIPTDIR source=eicscf.sh
. "$HERE/eicscf.sh"

fail() {
  echo "cluster.sh: $*" >&2
  exit 1
}

DIR=$(realpath -m "$1")
WORD=$2
shift 2

DOMAIN=ims.test
readonly ORIGIN=https://wwsf.test WSS_PORT=8443 MW_PORT=5060
readonly CLAIMED='{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}'

net() { "$HERE/net.sh" "$DIR" "$@"; }
redis() { "$HERE/redis.sh" "$DIR/redis" "$@"; }
core() { "$HERE/core/core.sh" "$1" "$DIR/core" "${@:2}"; }

# --- what it is made of ----------------------------------------------------

write_settings() {
  local edge
  EDGES=()
  for ((edge = 1; edge <= ${NODES:-3}; edge++)); do
    EDGES+=("edge$edge")
  done
  cat >"$DIR/settings" <<-END
	EDGES=(${EDGES[*]})
	REDIS=${REDIS:-cluster-replicas}
	SITE=$(printf %q "${SITE:-}")
	FRONT_SITE=$(printf %q "${FRONT_SITE:-}")
	MAX_WICS=${MAX_WICS:-400}
	END
}

read_settings() {
  [[ -f $DIR/settings ]] || fail "nothing was started in $DIR"
  # shellcheck source=/dev/null
  . "$DIR/settings"
}

start_net() {
  local hosts=() i
  for i in "${!EDGES[@]}"; do
    hosts+=("${EDGES[i]}=$((11 + i)):access,mw,store")
  done
  net start "${hosts[@]}" core=30:mw eicscf=32:mw,store redis=40:store tester=100:access,mw,store
  # A place of its own for the S-CSCF.
  net on core ip address add 10.20.2.31/24 dev mw
}

start_core() {
  local ours=() edge front
  for edge in "${EDGES[@]}"; do
    ours+=("$(net address "$edge" mw)")
  done
  ours+=("$(net address tester mw)")
  front=$(net address core mw):5060
  ! has_eicscf || front=$(net address eicscf mw):$MW_PORT
  EPCSCF_ADDRS=$(IFS=, && echo "${ours[*]}") FRONT=$front ICSCF_IP=$(net address core mw) SCSCF_IP=10.20.2.31 HSS_IP=127.0.0.10 \
    ICSCF_PORT=5060 SCSCF_PORT=5060 net on core "$HERE/core/core.sh" start "$DIR/core"
}

start_redis() {
  local ns address i places=()
  [[ $REDIS != none ]] || return 0
  ns=$(net netns redis) address=$(net address redis store)
  for i in 1 2 3 4 5 6; do
    [[ $REDIS == cluster-replicas || $i -le 3 && $REDIS != single || $i -eq 1 ]] || continue
    places+=("r$i=$address:$((6378 + i)):$((16378 + i))@$ns")
  done
  if [[ $REDIS == sentinel ]]; then
    for i in 1 2 3; do
      places+=("s$i=$address:$((26378 + i)):0@$ns")
    done
  fi
  redis start "$REDIS" "${places[@]}"
}

make_wwsf() {
  mkdir -p "$DIR/wwsf"
  "$EPCSCF_TOP/build/bin/wims" key generate --alg ES256 --kid k1 --out "$DIR/wwsf/key.pem" --jwks-out "$DIR/wwsf/jwks.json"
  # Whoever needs a thousand tokens makes them with a secret: that costs next to nothing.
  (umask 077 && openssl rand 32 | basenc -w 0 --base64url | tr -d = >"$DIR/wwsf/secret")
  sed -i 's|"keys":\[|&{"kty": "oct", "kid": "s1", "alg": "HS256", "k": "'"$(<"$DIR/wwsf/secret")"'"},|' "$DIR/wwsf/jwks.json"
  cat >"$DIR/wwsf/provisioning.json" <<-END
	{"version": 1, "wwsf": [{
	  "name": "shop", "scenario": "range", "domain": "$DOMAIN", "origins": ["$ORIGIN"], "issuer": "$ORIGIN",
	  "audience": "$DOMAIN", "algorithms": ["ES256", "HS256"], "keys": {"jwks_file": "jwks.json"},
	  "authz_server": "$ORIGIN/token", "impis": ["*@$DOMAIN"],
	  "ranges": ${RANGES:-[$CLAIMED]}
	}]}
	END
}

write_env() {
  local edge wss=()
  for edge in "${EDGES[@]}"; do
    wss+=("$edge=$(net address "$edge" access):$WSS_PORT")
  done
  cat >"$DIR/env" <<-END
	DOMAIN=$DOMAIN
	ORIGIN=$ORIGIN
	TLS_CA=$DIR/tls/ca.pem
	TOKEN_KEY=$DIR/wwsf/key.pem
	TOKEN_KID=k1
	TOKEN_SECRET=$DIR/wwsf/secret
	EDGES="${wss[*]}"
	ICSCF=$(sed -n 's/^ICSCF=//p' "$DIR/core/env")
	SCSCF=$(sed -n 's/^SCSCF=//p' "$DIR/core/env")
	REGISTRAR=$(registrar)
	END
}

# What the modparam registrar takes.
registrar() {
  if [[ $REDIS == none ]]; then echo shm; else redis address; fi
}

# --- nodes -----------------------------------------------------------------

is_edge() { [[ " ${EDGES[*]} " == *" $1 "* ]]; }

# The values of start_epcscf, in this shell.
edge_values() { # edge
  local others=() edge
  LISTEN=$(net address "$1" access) MW_ADDRESS=$(net address "$1" mw):$MW_PORT
  MW=$(net address core mw):5060
  TLS_CERT=$DIR/tls/server.pem TLS_KEY=$DIR/tls/server.key
  PROVISIONING=$DIR/wwsf/provisioning.json FLOW_KEYS=$DIR/flow.keys
  EPCSCF_ON=(ip netns exec "$(net netns "$1")")
  for edge in "${EDGES[@]}"; do
    [[ $edge == "$1" ]] || others+=("$(net address "$edge" mw)")
  done
  # All WICs come from one address, and the machine is busy with all nodes and WICs at once.
  # shellcheck disable=SC2206
  EPCSCF_SITE=("NODE_ID=${1#edge}" "CORE_NETWORKS=10.20.2.30/31,10.20.2.100/32" WICS_PER_ADDRESS=0 HANDSHAKE_TIMEOUT=60 UNREGISTERED_TIMEOUT=32
    HANDSHAKES_PER_ADDRESS=10000 "REGISTRAR=$(registrar)" "PEER_NETWORKS=$(IFS=, && echo "${others[*]/%//32}")"
    SIP_WORKERS=2 WSS_WORKERS=2 OVERLOAD_WORK=100 OVERLOAD_MEMORY=100 $SITE)
}

start_edge() { # edge
  mkdir -p "$DIR/$1"
  # One that was killed leaves it, and its number may be somebody else's by now.
  rm -f "$DIR/$1/run/kamailio.pid"
  edge_values "$1"
  start_epcscf "$DIR/$1"
}

start_edges() {
  local edge pids=()
  for edge in "${EDGES[@]}"; do
    start_edge "$edge" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || fail 'an eP-CSCF does not start'
  done
}

has_eicscf() { [[ $REDIS != none ]]; }

start_front() {
  local at
  has_eicscf || return 0
  at=$(net address eicscf mw):$MW_PORT
  EPCSCF_ON=(ip netns exec "$(net netns eicscf)")
  # shellcheck disable=SC2206
  EICSCF_SITE=("LISTEN_MW_UDP=udp:$at" "LISTEN_MW_TCP=tcp:$at" "I_CSCF=sip:$(net address core mw):5060"
    CORE_NETWORKS=10.20.2.0/24 "DOMAIN=$DOMAIN" "PROVISIONING=$DIR/wwsf/provisioning.json" "REGISTRAR=$(registrar)"
    SIP_WORKERS=2 TCP_WORKERS=1 $FRONT_SITE)
  start_eicscf "$DIR/eicscf"
}

# Does each know that all live? It hears of another one at its own next beat.
all_known() {
  local edge alive
  for edge in "${EDGES[@]}"; do
    alive=$(kamcmd -s "unix:$DIR/$edge/run/ctl" webrtc_ims.nodes | grep -c 'alive: yes' || true)
    ((alive == ${#EDGES[@]})) || return 1
  done
}

signal_edge() { # edge signal
  local pid
  alive "$DIR/$1/run/epcscf.pid" || fail "$1 does not run"
  read -r pid _ <"$DIR/$1/run/epcscf.pid"
  kill "-$2" -- "-$pid"
  [[ $2 != KILL ]] || wait_until "$END_SECONDS" gone "$DIR/$1/run/epcscf.pid" || fail "$1 does not end"
}

signal_node() { # node word signal
  if is_edge "$1"; then signal_edge "$1" "$3"; else redis "$2" "$1"; fi
}

run_node() { # node
  if is_edge "$1"; then start_edge "$1"; else redis run "$1"; fi
}

# --- all -------------------------------------------------------------------

end_all() {
  local edge pids=()
  [[ -f $DIR/settings ]] || return 0
  read_settings
  for edge in "${EDGES[@]}"; do
    stop_epcscf "$DIR/$edge" &
    pids+=($!)
  done
  # not for what this shell has started beside
  wait "${pids[@]}" || true
  [[ ! -d $DIR/eicscf ]] || stop_eicscf "$DIR/eicscf"
  [[ ! -f $DIR/redis/places ]] || redis end
  [[ ! -d $DIR/core ]] || core stop
  net end
  rm -f "$DIR/env" "$DIR/settings"
}

start() {
  [[ ! -e $DIR/settings ]] || fail "$DIR is in use: end it first"
  mkdir -p "$DIR"
  rm -rf "$DIR"/{core,redis,wwsf,eicscf,edge*}
  write_settings
  read_settings
  trap end_all EXIT
  start_net
  start_redis &
  local redis_starts=$!
  start_core
  make_wwsf
  "$HERE/certs.sh" "$DIR/tls"
  flow_keys "$DIR/flow.keys"
  wait "$redis_starts"
  start_front
  start_edges
  [[ $REDIS == none ]] || wait_until 10 all_known || fail 'the eP-CSCFs do not know each other'
  write_env
  trap - EXIT
}

up() { # node directory
  if epcscf_answers "$2"; then echo "$1 up"; else echo "$1 down" && return 1; fi
}

status() {
  local edge state=0
  for edge in "${EDGES[@]}"; do
    up "$edge" "$DIR/$edge" || state=1
  done
  core status || state=1
  ! has_eicscf || { up eicscf "$DIR/eicscf" && redis cli r1 PING; } || state=1
  return "$state"
}

case $WORD in
  start) start ;;
  end) end_all ;;
  *)
    read_settings
    case $WORD in
      status) status ;;
      kill) signal_node "$1" kill KILL ;;
      freeze) signal_node "$1" freeze STOP ;;
      thaw) signal_node "$1" thaw CONT ;;
      run) run_node "$1" ;;
      stop) stop_epcscf "$DIR/$1" ;;
      cut | heal | on) net "$WORD" "$@" ;;
      rpc) kamcmd -s "unix:$DIR/$1/run/ctl" "${@:2}" ;;
      core) core "$@" ;;
      redis) redis "$@" ;;
      *) fail "no such word: $WORD" ;;
    esac
    ;;
esac
