#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Redis of a test, in a directory of its own; Debian's service is not touched.
#
#   redis.sh DIR start single                       r1
#   redis.sh DIR start sentinel                     r1 with replicas r2 r3, sentinels s1 s2 s3
#   redis.sh DIR start cluster                      masters r1 r2 r3
#   redis.sh DIR start cluster-replicas             and their replicas r4 r5 r6
#   redis.sh DIR start MODE NAME=ADDR:PORT:BUS[@NETNS]...   at these places, in these network namespaces
#   redis.sh DIR address                            what the modparam registrar takes
#   redis.sh DIR place NAME                         ADDR:PORT of one
#   redis.sh DIR master [SLOT]                      name of the master (cluster: of that slot)
#   redis.sh DIR cli NAME COMMAND...                redis-cli there
#   redis.sh DIR kill|freeze|thaw|run NAME...       kill -9; SIGSTOP; SIGCONT; started (again)
#   redis.sh DIR promote [NAME]                     that replica becomes master; with Sentinel, one that they choose
#   redis.sh DIR whole                              waits until all know of each other again
#   redis.sh DIR end                                kills all that it started
#
# Environment, at start: REDIS_FIRST_PORT (these ports and the next ones; without it free ones are looked
# for), REDIS_CONF (a file of lines for each server's configuration), REDIS_SENTINEL_CONF (for each
# Sentinel's), REDIS_DOWN_AFTER_MS (2000: after which a silent node counts as down). With users: REDISCLI_AUTH and REDIS_CLI_USER are those of the cli.
set -euo pipefail
# shellcheck source=tests/lab/process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

fail() {
  echo "redis.sh: $*" >&2
  exit 1
}

DIR=$(realpath -m "$1")
shift
MASTER_NAME=wims
DOWN_AFTER=${REDIS_DOWN_AFTER_MS:-2000}
declare -A ADDR=() AT=() BUS=() NETNS=()
MODE='' NAMES=()

names_of() { # mode
  case $1 in
    single) echo r1 ;;
    sentinel) echo r1 r2 r3 s1 s2 s3 ;;
    cluster) echo r1 r2 r3 ;;
    cluster-replicas) echo r1 r2 r3 r4 r5 r6 ;;
    *) fail "no such mode: $1" ;;
  esac
}

# The first of N ports in a row that nobody has, below those that Linux hands out itself.
free_ports() { # n
  python3 - "$1" <<'PY'
import random, socket, sys
def free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False
n = int(sys.argv[1])
while True:
    first = random.randrange(12000, 19900)
    if all(free(p) for p in range(first, first + n)):
        print(first)
        break
PY
}

# DIR/places: a line "NAME ADDR PORT BUS NETNS" each
write_places() { # mode place...
  local mode=$1 next name place at
  shift
  if (($# == 0)); then
    # shellcheck disable=SC2046
    set -- $(names_of "$mode")
    next=${REDIS_FIRST_PORT:-$(free_ports $(($# * 2)))}
    for name in "$@"; do
      echo "$name 127.0.0.1 $next $((next + 1)) -"
      next=$((next + 2))
    done
    return
  fi
  for place in "$@"; do
    name=${place%%=*} at=${place#*=}
    [[ $at == *@* ]] || at+=@-
    echo "$name ${at%%:*} $(cut -d: -f2 <<<"${at%@*}") $(cut -d: -f3 <<<"${at%@*}") ${at#*@}"
  done
}

read_places() {
  local name addr port bus netns
  [[ -f $DIR/places ]] || fail "nothing was started in $DIR"
  MODE=$(<"$DIR/mode")
  while read -r name addr port bus netns; do
    NAMES+=("$name") ADDR[$name]=$addr AT[$name]=$port BUS[$name]=$bus NETNS[$name]=$netns
  done <"$DIR/places"
}

inside() { # name command...: in its network namespace
  local name=$1
  shift
  if [[ ${NETNS[$name]} == - ]]; then "$@"; else ip netns exec "${NETNS[$name]}" "$@"; fi
}

cli() { # name command...
  local name=$1 cli=(redis-cli) user=()
  shift
  if [[ $name == s* ]]; then
    cli=(env -u REDISCLI_AUTH redis-cli)
  elif [[ -n ${REDIS_CLI_USER:-} ]]; then
    user=(--user "$REDIS_CLI_USER" --no-auth-warning)
  fi
  inside "$name" timeout -k 1 10 "${cli[@]}" -h "${ADDR[$name]}" -p "${AT[$name]}" "${user[@]}" "$@"
}

write_conf() { # name
  local name=$1
  mkdir -p "$DIR/$name"
  printf '%s\n' "bind ${ADDR[$name]}" "port ${AT[$name]}" "dir $DIR/$name" 'daemonize no' 'protected-mode no'
  if [[ $name == s* ]]; then
    printf '%s\n' "sentinel monitor $MASTER_NAME ${ADDR[r1]} ${AT[r1]} 2" \
      "sentinel down-after-milliseconds $MASTER_NAME $DOWN_AFTER" "sentinel failover-timeout $MASTER_NAME $DOWN_AFTER"
    [[ -z ${REDIS_SENTINEL_CONF:-} ]] || cat "$REDIS_SENTINEL_CONF"
    return
  fi
  printf '%s\n' 'appendonly yes' 'appendfsync everysec' 'save ""' 'repl-diskless-sync-delay 0' \
    'repl-ping-replica-period 1' 'shutdown-timeout 0'
  [[ -z ${REDIS_CONF:-} ]] || cat "$REDIS_CONF"
  if [[ $MODE == cluster* ]]; then
    printf '%s\n' 'cluster-enabled yes' 'cluster-config-file nodes.conf' "cluster-port ${BUS[$name]}" \
      "cluster-node-timeout $DOWN_AFTER" 'cluster-require-full-coverage no'
  elif [[ $MODE == sentinel && $name != r1 ]]; then
    echo "replicaof ${ADDR[r1]} ${AT[r1]}"
  fi
}

run() { # name...
  local name kind log
  for name in "$@"; do
    kind=redis-server
    [[ $name != s* ]] || kind=redis-sentinel
    [[ -f $DIR/$name.conf ]] || write_conf "$name" >"$DIR/$name.conf"
    log=$DIR/$name.log
    if [[ ${NETNS[$name]} == - ]]; then
      spawn "$DIR/$name.pid" "$log" "$kind" "$DIR/$name.conf"
    else
      spawn "$DIR/$name.pid" "$log" ip netns exec "${NETNS[$name]}" "$kind" "$DIR/$name.conf"
    fi
  done
  for name in "$@"; do
    await_ready "$DIR/$name.pid" "$DIR/$name.log" answers "$name" || fail "$name does not start"
  done
}

answers() { # name: also with an error, such as NOAUTH
  [[ -n $(cli "$1" PING 2>/dev/null) ]]
}

says() { # name regex command...
  local name=$1 regex=$2
  shift 2
  cli "$name" "$@" 2>/dev/null | grep -qE -- "$regex"
}

each_says() { # regex-of-names regex command...
  local names=$1 name
  shift
  for name in "${NAMES[@]}"; do
    [[ ! $name =~ ^$names$ ]] || ! alive "$DIR/$name.pid" || says "$name" "$@" || return 1
  done
}

pid_of() { # name
  local pid
  alive "$DIR/$1.pid" || fail "$1 does not run"
  read -r pid _ <"$DIR/$1.pid"
  echo "$pid"
}

make_cluster() {
  local i name at=(0 0-5460 5461-10922 10923-16383) id
  for i in 1 2 3; do
    cli "r$i" CLUSTER SET-CONFIG-EPOCH "$i" >/dev/null
    cli "r$i" CLUSTER ADDSLOTSRANGE "${at[i]%-*}" "${at[i]#*-}" >/dev/null
  done
  for name in "${NAMES[@]:1}"; do
    cli r1 CLUSTER MEET "${ADDR[$name]}" "${AT[$name]}" "${BUS[$name]}" >/dev/null
  done
  wait_until 20 each_says 'r.' "cluster_known_nodes:${#NAMES[@]}" CLUSTER INFO || fail 'the nodes do not meet'
  [[ $MODE == cluster-replicas ]] || return 0
  for i in 1 2 3; do
    id=$(cli "r$i" CLUSTER MYID)
    wait_until 20 says "r$((i + 3))" OK CLUSTER REPLICATE "$id" || fail "r$((i + 3)) does not replicate"
  done
}

one_row() { # a sentinel that knows all, not more than it must
  each_says 's.' '^OK 3' SENTINEL CKQUORUM "$MASTER_NAME" &&
    cli s1 SENTINEL MASTER "$MASTER_NAME" 2>/dev/null | grep -A1 -x num-slaves | grep -qx 2
}

replicas_linked() {
  each_says 'r.' 'role:master|master_link_status:up' INFO replication
}

whole() {
  case $MODE in
    sentinel)
      wait_until 30 replicas_linked || fail 'a replica does not follow'
      wait_until 30 one_row || fail 'the sentinels do not agree'
      ;;
    cluster*)
      wait_until 30 each_says 'r.' 'cluster_state:ok' CLUSTER INFO || fail 'the cluster is not whole'
      wait_until 30 replicas_linked || fail 'a replica does not follow'
      ;;
  esac
}

start() { # mode place...
  mkdir -p "$DIR"
  [[ ! -f $DIR/places ]] || fail "$DIR is in use"
  write_places "$@" >"$DIR/places"
  echo "$1" >"$DIR/mode"
  read_places
  # shellcheck disable=SC2046
  run $(printf '%s\n' "${NAMES[@]}" | grep '^r')
  [[ $MODE != cluster* ]] || make_cluster
  [[ $MODE != sentinel ]] || run s1 s2 s3
  whole
}

list() { # letter
  local name text=''
  for name in "${NAMES[@]}"; do
    [[ $name != "$1"* ]] || text+=${text:+,}${ADDR[$name]}:${AT[$name]}
  done
  echo "$text"
}

address() {
  case $MODE in
    single) echo "redis:$(list r)" ;;
    sentinel) echo "redis-sentinel:$MASTER_NAME@$(list s)" ;;
    *) echo "redis-cluster:$(list r)" ;;
  esac
}

name_at() { # addr:port
  local name
  for name in "${NAMES[@]}"; do
    [[ ${ADDR[$name]}:${AT[$name]} != "$1" ]] || echo "$name"
  done
}

# The master of a slot says so itself: of several that think so the one with the newest epoch.
slot_master() { # slot
  local name
  for name in "${NAMES[@]}"; do
    alive "$DIR/$name.pid" || continue
    cli "$name" CLUSTER NODES 2>/dev/null | awk -v slot="$1" -v name="$name" '$3 ~ /myself,master/ {
      for (i = 9; i <= NF; i++) {
        n = split($i, r, "-")
        if (r[1] ~ /^[0-9]+$/ && slot >= r[1] + 0 && slot <= r[n] + 0) print $7, name
      }
    }'
  done | sort -n | tail -n 1 | cut -d' ' -f2
}

master() { # [slot]
  case $MODE in
    single) echo r1 ;;
    sentinel) name_at "$(cli s1 SENTINEL GET-MASTER-ADDR-BY-NAME "$MASTER_NAME" | paste -sd:)" ;;
    *) slot_master "${1:-0}" ;;
  esac
}

signal() { # signal name...
  local name
  for name in "${@:2}"; do
    kill "-$1" "$(pid_of "$name")"
    [[ $1 != KILL ]] || wait_until "$END_SECONDS" gone "$DIR/$name.pid" || fail "$name does not end"
  done
}

promote() { # [name]
  local was
  if [[ $MODE == sentinel ]]; then
    was=$(master)
    cli s1 SENTINEL FAILOVER "$MASTER_NAME" >/dev/null
    wait_until 20 another_master "$was" || fail "$was stays master"
    return
  fi
  cli "$1" CLUSTER FAILOVER >/dev/null
  wait_until 20 says "$1" 'role:master' INFO replication || fail "$1 does not become master"
}

another_master() { # name
  [[ $(master) != "$1" ]]
}

end_all() {
  local name
  for name in "${NAMES[@]}"; do
    ! alive "$DIR/$name.pid" || kill -KILL "$(pid_of "$name")"
  done
  for name in "${NAMES[@]}"; do
    wait_until "$END_SECONDS" gone "$DIR/$name.pid" || fail "$name does not end"
    rm -f "$DIR/$name.pid"
  done
}

word=$1
shift
[[ $word == start ]] || read_places
case $word in
  start) start "$@" ;;
  address) address ;;
  place) echo "${ADDR[$1]}:${AT[$1]}" ;;
  master) master "$@" ;;
  cli) cli "$@" ;;
  kill) signal KILL "$@" ;;
  freeze) signal STOP "$@" ;;
  thaw) signal CONT "$@" ;;
  run) run "$@" ;;
  promote) promote "$@" ;;
  whole) whole ;;
  end) end_all ;;
  *) fail "no such word: $word" ;;
esac
