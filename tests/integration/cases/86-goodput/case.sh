#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/load.sh
. "$TOP/tests/integration/lib/load.sh"

WICS=200

measure() { # NAME
  rpc edge webrtc_ims.load | awk -v name="$1:" '$1 == name { print $2 }'
}

level_is_0() {
  (($(measure level) == 0))
}

refreshes_are_refused() {
  (($(measure level) > 200))
}

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
load_users "$WICS" range1- >"$RUN_DIR/users"
# Low, so that it is much for a slow generator, too.
start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=250 WSS_WORKERS=1 OVERLOAD_WORK=50
start_load load "127.0.0.1:${PORT[edge.wss]}" "$RUN_DIR/users" --keep-token
load_does load 20 open $WICS 100
all_ok $WICS
wait_for 20 'the level after the handshakes' level_is_0
load_does load 20 register $WICS 200
all_ok $WICS

note 'more refreshes than it can do'
load_begins 'refresh 20000 4'
wait_for 10 'a level at which refreshes are refused' refreshes_are_refused
load_ends load 30
load_does load 30 refresh 20000 2
note "$(grep -o '"asked.*"retry_after":[0-9]*' <<<"$LOAD_LINE"); $(rpc edge webrtc_ims.load | tr -s '\n\t' ' ')"
(($(measure refusing) > 0)) || fail 'refreshes are refused, and load_refusing is 0'
load_is "set(d['failed']) <= {'503', 'busy'} and d['retry_after'] == d['failed']['503'] > 0"
load_is "d['ok'] > d['failed']['503']"

note 'after it'
wait_for 10 'the end of the overload' level_is_0
load_does load 20 refresh 100 2
all_ok 200
load_is "d['us']['p50'] < 200000"
load_does load 20 quit
load_is "d['wics']['registered'] == $WICS and d['ledger']['differences'] == 0"
stop load || fail "wims-load ends with $?"
expect_log edge 'overload is over'
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
