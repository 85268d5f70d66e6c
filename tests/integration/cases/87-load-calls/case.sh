#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/load.sh
. "$TOP/tests/integration/lib/load.sh"

WICS=60

# start_pair NAME PREFIX PING_PERIOD: an eP-CSCF and its load, which is its core; 50 of 60
# are registered
start_pair() {
  load_users $WICS "$2" >"$RUN_DIR/$1.users"
  start_epcscf "$1" "PROVISIONING=$PROVISIONING" MAX_WICS=$WICS PING_PERIOD="$3"
  start_load "$1-load" "127.0.0.1:${PORT[$1.wss]}" "$RUN_DIR/$1.users" --core "$ICSCF"
  load_does "$1-load" 20 open $WICS 200
  all_ok $WICS
  load_does "$1-load" 20 register 50 200
  all_ok 50
}

# calls NAME: both ways, held for a moment
calls() {
  load_does "$1" 20 call 60 1 0.2
  all_ok 60
  load_is "d['from_wic'] == d['to_wic'] == 30"
  load_is "0 < d['us_ring']['p50'] <= d['us_ring']['max'] <= d['us']['max'] < 5e6"
}

# rings NAME RANG OTHERS: so many ring, and the OTHERS are refused by the eP-CSCF or the core
rings() {
  load_does "$1" 20 ring 200
  all_ok $WICS
  load_is "d['rang'] == $2 and d['$3'] == $WICS - $2 and d['ledger']['differences'] == 0"
}

# loses NAME BY HOW MIN MAX: five WICs; seconds until it is known
loses() {
  load_does "$1" 30 lose "$3" 5 50
  all_ok 5
  load_is "d['by']['$2'] == 5 and $4 * 1e6 <= d['us']['p50'] and d['us']['max'] <= $5 * 1e6"
}

ports core
ICSCF=127.0.0.1:${PORT[core]}

note 'WICs that the core registers'
make_wwsf dereg_grace=1
start_pair web wic 30
calls web-load
load_does web-load 20 unregister 5 100
all_ok 5
rings web-load 45 nowhere
loses web-load deregister fin 0.9 5
loses web-load deregister rst 0.9 5
load_is "d['core']['registers'] == 50 and d['core']['deregisters'] == 15 and not d['core']['strange']"
rings web-load 35 nowhere
load_does web-load 20 quit
load_over web-load || fail "wims-load ends with $?"
stop web

note 'WICs in a range'
make_range_wwsf '[{"range": "sip:load-!.*!@ims.test", "impi": "load@ims.test"}]'
start_pair range load- 4
calls range-load
rings range-load 50 refused
load_is "d['doubtful'] == 0"
loses range-load call fin 0 5
loses range-load call rst 0 5
loses range-load call silent 1 10
load_is "d['core']['ranges'] == 1 and d['us_heard']['min'] >= 3.5e6"
load_is "0 < d['us_unanswered']['min'] and d['us_unanswered']['max'] < d['us_heard']['min']"
rings range-load 35 refused
load_does range-load 20 back 15 0.5
all_ok 15
rings range-load 50 refused
load_is "d['doubtful'] == 0"

note 'a contact is gone of somebody who was told that he is registered'
rpc range ul.rm location sip:load-3@ims.test
load_does range-load 20 ring 200
load_is "d['ok'] == $WICS - 1 and d['failed'] == {'differs': 1} and d['ledger']['differences'] == 1"
load_is "d['ledger']['listed'] == ['sip:load-3@ims.test: is registered, but a call ended with 480']"
load_does range-load 20 quit
status=0
load_over range-load || status=$?
expect_eq "$status" 1 'status of a ledger that is not clean'
