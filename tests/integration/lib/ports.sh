# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A block of ports for each case: below the range that Linux hands out itself,
# claimed by a lock that ends with the case, probed by binding each.

PORT_FIRST=20000
PORT_BLOCKS=290
PORT_BLOCK=40
declare -A PORT=()

# Every port from $1 on can be bound, TCP and UDP, on any local address.
block_is_free() {
  python3 - "$1" "$PORT_BLOCK" <<'PY'
import socket, sys
first, count = map(int, sys.argv[1:])
for port in range(first, first + count):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as s:
            if kind == socket.SOCK_STREAM:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("0.0.0.0", port))
            except OSError:
                sys.exit(1)
PY
}

claim_ports() {
  local locks=${PORT_LOCKS:-${TMPDIR:-/tmp}/webrtc_ims-ports.$UID} i
  mkdir -p "$locks"
  for ((i = RANDOM % PORT_BLOCKS; ; i = (i + 1) % PORT_BLOCKS)); do
    PORT_BASE=$((PORT_FIRST + i * PORT_BLOCK))
    exec {PORT_LOCK}>"$locks/$PORT_BASE"
    if flock -n "$PORT_LOCK" && block_is_free "$PORT_BASE"; then
      break
    fi
    exec {PORT_LOCK}>&-
  done
  # The first ten are the core's.
  PORT_NEXT=$((PORT_BASE + 10))
}

# ports NAME...: gives each a port of the block, as ${PORT[NAME]}
ports() {
  local name
  for name in "$@"; do
    ((PORT_NEXT < PORT_BASE + PORT_BLOCK)) || fail "ports: more than $PORT_BLOCK"
    PORT[$name]=$((PORT_NEXT++))
  done
}

udp_bound() {
  [[ -n $(ss -Hunl "sport = :$1") ]]
}

tcp_listens() {
  [[ -n $(ss -Htnl "sport = :$1") ]]
}
