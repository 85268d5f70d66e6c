#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A network of hosts on one machine: network namespaces, joined by a switch for each plane. Needs root, or
# "unshare -Urnm" around it. Names are the run's own; nothing of the machine's own network is touched.
#
#   net.sh DIR start HOST=NUMBER:PLANE,PLANE...   hosts; HOST has the address 10.20.P.NUMBER on the P-th plane
#   net.sh DIR address HOST PLANE                 its address there
#   net.sh DIR netns HOST                         name of its namespace, for "ip netns exec"
#   net.sh DIR on HOST COMMAND...                 a command there
#   net.sh DIR cut HOST [PLANE...]                the switch passes nothing to and from it; without a plane: on all
#   net.sh DIR heal HOST [PLANE...]
#   net.sh DIR frames PLANE                       namespace of the switches and name of that plane's
#   net.sh DIR end                                kills what is left on the hosts, removes all
#
# Planes: access (WICs), mw (SIP between eP-CSCFs, eI-CSCF and core), store (Redis).
set -euo pipefail

readonly PLANES=(access mw store)
DIR=$(realpath -m "$1")
WORD=$2
shift 2

fail() {
  echo "net.sh: $*" >&2
  exit 1
}

# DIR/net/prefix: what the names of this run begin with. DIR/net/hosts: "HOST NUMBER PLANES" a line.
prefix() { cat "$DIR/net/prefix"; }

netns() { echo "$(prefix)-$1"; }

plane_number() { # plane
  local i
  for i in "${!PLANES[@]}"; do
    [[ ${PLANES[i]} != "$1" ]] || echo $((i + 1))
  done
}

host_row() { # host
  grep "^$1 " "$DIR/net/hosts" || fail "no such host: $1"
}

address() { # host plane
  local number
  read -r _ number _ < <(host_row "$1")
  echo "10.20.$(plane_number "$2").$number"
}

planes_of() { # host
  local planes
  read -r _ _ planes < <(host_row "$1")
  echo "${planes//,/ }"
}

# Addresses of the two layers go together, so that neighbours are known beforehand: whoever is cut off is not
# noticed by ARP, as he would not be in a network with routers.
mac() { # number plane
  printf '02:00:00:00:%02x:%02x' "$(plane_number "$2")" "$1"
}

know() { # host plane: all others there
  local host number planes
  while read -r host number planes; do
    [[ $host == "$1" || ,$planes, != *,$2,* ]] ||
      echo "neighbour replace $(address "$host" "$2") lladdr $(mac "$number" "$2") dev $2 nud permanent"
  done <"$DIR/net/hosts" | ip -n "$(netns "$1")" -batch -
}

plug() { # host plane
  local switch host number
  read -r _ number _ < <(host_row "$1")
  switch=$(netns switch)
  host=$(netns "$1")
  # A switch's port is named after the host, the host's after the plane.
  ip -n "$switch" link add "$1.$2" type veth peer name "$2" netns "$host"
  ip -n "$switch" link set "$1.$2" master "$2" up
  ip -n "$host" link set "$2" address "$(mac "$number" "$2")"
  ip -n "$host" address add "$(address "$1" "$2")/24" dev "$2"
  ip -n "$host" link set "$2" up
}

add_netns() { # name
  ip netns add "$(netns "$1")"
  ip -n "$(netns "$1")" link set lo up
}

start() { # HOST=NUMBER:PLANES...
  local plane host rest
  [[ ! -f $DIR/net/prefix ]] || fail "$DIR is in use"
  mkdir -p "$DIR/net"
  echo "wims$$" >"$DIR/net/prefix"
  add_netns switch
  for plane in "${PLANES[@]}"; do
    ip -n "$(netns switch)" link add "$plane" type bridge forward_delay 0 mcast_snooping 0
    ip -n "$(netns switch)" link set "$plane" up
  done
  for host in "$@"; do
    rest=${host#*=}
    host=${host%%=*}
    echo "$host ${rest%%:*} ${rest#*:}" >>"$DIR/net/hosts"
    add_netns "$host"
    for plane in $(planes_of "$host"); do
      plug "$host" "$plane"
    done
  done
  while read -r host _; do
    for plane in $(planes_of "$host"); do
      know "$host" "$plane"
    done
  done <"$DIR/net/hosts"
}

# The cable is in the port of a switch, or in none. Carrier stays: nobody is told, as with a fault further away.
cut_or_heal() { # cut|heal host [plane...]
  local word=$1 host=$2 plane
  shift 2
  # shellcheck disable=SC2046
  (($#)) || set -- $(planes_of "$host")
  for plane in "$@"; do
    if [[ $word == cut ]]; then
      ip -n "$(netns switch)" link set "$host.$plane" nomaster
    else
      ip -n "$(netns switch)" link set "$host.$plane" master "$plane"
    fi
  done
}

kill_all() { # netns
  local pid
  for pid in $(ip netns pids "$1"); do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

end() {
  local name
  [[ -f $DIR/net/prefix ]] || return 0
  for name in $(ip netns list | awk -v p="$(prefix)-" 'index($1, p) == 1 { print $1 }'); do
    kill_all "$name"
    ip netns delete "$name"
  done
  rm -r "$DIR/net"
}

case $WORD in
  start) start "$@" ;;
  address) address "$@" ;;
  netns) netns "$@" ;;
  on)
    name=$(netns "$1")
    shift
    exec ip netns exec "$name" "$@"
    ;;
  cut | heal) cut_or_heal "$WORD" "$@" ;;
  frames) echo "$(netns switch) $1" ;;
  end) end ;;
  *) fail "no such word: $WORD" ;;
esac
