#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/load.sh
. "$TOP/tests/integration/lib/load.sh"

WICS=200

start_edge() {
  SHM_MB=256 start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=300
}

# load COMMAND...: to its end, by the wims-load $LOAD
LOAD=load
load() {
  load_does "$LOAD" 30 "$@"
}

bindings() { # COUNT
  expect_eq "$(rpc edge webrtc_ims.stats | awk '$1 == "bindings:" { print $2 }')" "$1" 'bindings'
}

ports core edge.wss edge.mw
ICSCF=127.0.0.1:${PORT[core]}
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "impi": "range1@ims.test"}]'
load_users "$WICS" range1- >"$RUN_DIR/users"
start_edge
start_load load "127.0.0.1:${PORT[edge.wss]}" "$RUN_DIR/users" --core "$ICSCF" --edge "127.0.0.1:${PORT[edge.mw]}" \
  --resume --fragment 200 --ping 1 --ledger "$RUN_DIR/ledger"

note 'registrations and calls'
load open $WICS 400
all_ok $WICS
load register $WICS 400
all_ok $WICS
load_is "d['wics']['registered'] == $WICS and d['us']['p50'] > 0"
bindings $WICS
load_begins call 30 2 0.5 '&'
load refresh 100 2
all_ok 200
load_ends load 20
all_ok 60
load unregister 50 200
all_ok 50
bindings $((WICS - 50))
load register 51 200
load_is "d['ok'] == 50 and d['failed'] == {'busy': 1}"
load unregister 10 100
all_ok 10

note 'connections that end'
load lose fin 20 200
all_ok 20
load lose rst 20 200
all_ok 20
load ring 400
load_is "d['rang'] == $((WICS - 50)) and d['refused'] == 50 and d['ledger']['differences'] == 0"
load back 40 0.5
all_ok 40
load_is "d['resumed'] > 0"

note 'a connection that ends while something is sent over it is freed'
for _ in 1 2 3 4 5; do
  load lose fin 140 2000
  all_ok 140
  load back 140 0.3
  all_ok 140
done
kept_most=5 # one for each process that sends
kept() {
  local all open
  all=$(rpc edge mod.mem_statsx core shm | sed -n 's/.*tcpconn_new.* (\([0-9]*\)).*/\1/p')
  open=$(rpc edge core.tcp_info | awk '$1 == "opened_connections:" { print $2 }')
  [[ -n $all && -n $open ]] && ((all - open <= kept_most))
}
wait_for 15 'end of all connections but a few' kept

note 'the server is killed and started again'
kill -KILL -- "-${PID_OF[edge]}"
stop edge KILL || true
load sleep 0.2
load_is "d['wics']['lost'] == $((WICS - 10)) and d['closes'] == {'1006': $WICS}"
load_begins "back $WICS 0.5"
start_edge
load_ends load 30
load_is "d['ok'] == $((WICS - 10)) == d['wics']['registered'] and d['failed']['connect'] > 0"
load ring 400
load_is "d['rang'] == $((WICS - 10)) and d['refused'] == 10"
load quit
load_is "d['ledger']['differences'] == 0"
load_over load || fail "wims-load ends with $?"
expect_eq "$(awk -F '\t' '$2 == "registered"' "$RUN_DIR/ledger" | wc -l)" \
  $((WICS + 200 + 50 + 40 + 5 * 140 + WICS - 10)) 'registrations of the ledger'

note 'one that the eP-CSCF forgets'
LOAD=fewer
start_load fewer "127.0.0.1:${PORT[edge.wss]}" "$RUN_DIR/users" --core "$ICSCF" --edge "127.0.0.1:${PORT[edge.mw]}"
load open 3 100
load register 3 100
all_ok 3
rpc edge ul.rm location sip:range1-2@ims.test
load ring 400
load_is "d['rang'] == 2 and d['ledger']['differences'] == 1 and 'range1-2@' in d['ledger']['listed'][0]"
load quit
must_fail stop fewer
