#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

TLS=$RUN_DIR/fetch-tls
mkdir -p "$TLS"

new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$TLS/$1.key" 2>>"$RUN_DIR/log/openssl.log"
}

# self_signed NAME SUBJECT [OPTION...]
self_signed() {
  local name=$1 subject=$2
  shift 2
  new_key "$name"
  openssl req -x509 -new -key "$TLS/$name.key" -days 2 -subj "/CN=$subject" "$@" -out "$TLS/$name.pem"
}

# certificate NAME HOST DAYS: of our CA
certificate() {
  new_key "$1"
  openssl req -new -key "$TLS/$1.key" -subj "/CN=$2" -out "$TLS/$1.csr"
  openssl x509 -req -in "$TLS/$1.csr" -CA "$TLS/ca.pem" -CAkey "$TLS/ca.key" -CAcreateserial -days "$3" \
    -extfile <(echo "subjectAltName=DNS:$2") -out "$TLS/$1.pem" 2>>"$RUN_DIR/log/openssl.log"
}

note 'certificates'
self_signed ca 'a CA of this case' -addext basicConstraints=critical,CA:TRUE
self_signed self localhost -addext subjectAltName=DNS:localhost
certificate good localhost 2
certificate other other.test 2
certificate expired localhost -1

note 'the child and hostile servers'
PYTHONDONTWRITEBYTECODE=1 python3 "$CASE_DIR/fetching.py" "$WIMS" "$TLS" {PORT_LOCK}>&-

note 'under Kamailio'
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"

# child WHAT: a value of the RPC
child() {
  rpc edge webrtc_ims.fetch | sed -n "s/^[[:space:]]*$1: //p"
}

# One answer for both values: between two, the child of the first may have gone.
new_child() {
  local told
  told=$(rpc edge webrtc_ims.fetch)
  grep -q '^[[:space:]]*state: running$' <<<"$told" && ! grep -qE "^[[:space:]]*pid: (0|$1)\$" <<<"$told"
}

# "Z": ended, and nobody has asked for its status yet
ended() {
  [[ ! -d /proc/$1 ]] || grep -q '^State:[[:space:]]*Z' "/proc/$1/status"
}

# What it holds, one a line; false while it opens and closes files of its start.
holds() {
  local fd links=
  for fd in "/proc/$1/fd/"*; do
    links+=$(readlink "$fd")$'\n' || return 1
  done
  [[ $(wc -l <<<"$links") -eq 6 ]] && echo -n "$links"
}

# Its own: the socket to the module twice, /dev/null, and libcurl's pair. None
# of the sockets is one of the network, as Kamailio's are; nothing is mapped
# that Kamailio shares.
only_its_own() {
  wait_for 15 'child that has settled' holds "$1"
  expect_eq "$(holds "$1" | sed -E 's/[0-9]+//' | sort | uniq -c | xargs)" '1 /dev/null 4 socket:[]' 'what the child holds'
  must_fail grep -qxFf <(holds "$1" | sed -nE 's/^socket:\[([0-9]+)\]$/\1/p') <(awk '{ print $10 }' /proc/net/{tcp,udp,tcp6,udp6})
  must_fail grep -E '/dev/zero|webrtc_ims\.so|SYSV' "/proc/$1/maps"
}

expect_eq "$(child state)" down 'state before the first fetch'
expect_eq "$(rpc edge webrtc_ims.fetch stop 2>&1)" 'error: 400 - argument: restart, or none' 'unknown argument'
expect_eq "$(child state)" down 'state after it'
rpc edge webrtc_ims.fetch restart >/dev/null
wait_for 15 'child' new_child 0
first=$(child pid)
only_its_own "$first"
expect_eq "$(tr '\0' ' ' <"/proc/$first/cmdline")" "$WIMS fetch serve " 'command line of the child'
expect_eq "$(tr '\0' ' ' <"/proc/$first/environ")" '' 'environment of the child'
expect_eq "$(awk '/^Max core file size/ { print $5 }' "/proc/$first/limits")" 0 'size of a core file'
wims_process=$(awk '/^PPid:/ { print $2 }' "/proc/$first/status")
expect_eq "$(rpc edge core.psx | grep -A 5 "PID: $wims_process" | grep -c 'DSC: WIMS')" 1 'WIMS, its parent'

note 'killed'
kill -KILL "$first"
wait_for 15 'second child' new_child "$first"
second=$(child pid)
expect_eq "$(child restarts)" 1 'number of restarts'
expect_log edge "fetching process $first: ended by signal 9"
alive edge || fail 'Kamailio ended with its child'

note 'restarted by an operator, while it is stopped and takes no notice'
kill -STOP "$second"
rpc edge webrtc_ims.fetch restart >/dev/null
wait_for 15 'third child' new_child "$second"
ended "$second" || fail 'the second child lives on'
third=$(child pid)

note 'Kamailio ends'
refuse_log edge 'CRITICAL'
stop edge
wait_for 15 'end of the child' ended "$third"
