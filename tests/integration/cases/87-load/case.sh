#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/load.sh
. "$TOP/tests/integration/lib/load.sh"

WICS=200

start_edge() {
  start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=300
}

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
load_users "$WICS" range1- >"$RUN_DIR/users"
start_edge

note 'registrations'
start_load load "127.0.0.1:${PORT[edge.wss]}" "$RUN_DIR/users" --resume --fragment 200 --ping 1 --ledger "$RUN_DIR/ledger"
load_does load 20 open $WICS 200
all_ok $WICS
load_does load 20 register $WICS 200
all_ok $WICS
load_is "d['wics']['registered'] == $WICS and d['us']['p50'] > 0"
load_does load 20 refresh 100 2
all_ok 200
expect_eq "$(rpc edge webrtc_ims.stats | awk '$1 == "bindings:" { print $2 }')" $WICS 'bindings'
load_does load 20 unregister 50 100
all_ok 50
expect_eq "$(rpc edge webrtc_ims.stats | awk '$1 == "bindings:" { print $2 }')" $((WICS - 50)) 'bindings'
load_does load 20 refresh 1000 0.001
all_ok 1
load_does load 20 register 51 100
load_is "d['ok'] == 50 and d['failed'] == {'busy': 1}"

note 'the server is killed and started again'
kill -KILL -- "-${PID_OF[edge]}"
stop edge KILL || true
load_does load 20 sleep 0.2
load_is "d['wics']['lost'] == $WICS and d['closes'] == {'1006': $WICS}"
load_begins "back $WICS 0.5"
start_edge
load_ends load 30
load_is "d['ok'] == $WICS and d['wics']['registered'] == $WICS and d['failed']['connect'] > 0"
load_does load 20 quit
load_is "d['ledger']['differences'] == 0"
stop load || fail "wims-load ends with $?"
