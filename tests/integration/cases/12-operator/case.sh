#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# expect_counter NAME COUNT
expect_counter() {
  expect_rpc edge "^webrtc_ims:$1 = $2\$" stats.get_statistics webrtc_ims:
}

make_wwsf 'name="shop"'
start_epcscf edge "PROVISIONING=$PROVISIONING" MAX_WICS=2 CORE_TIMEOUT_MS=500
TOKEN=$(mint alice) WSS_PORT=${PORT[edge.wss]} CA=$RUN_DIR/tls/ca.pem ORIGIN=$WWSF_ORIGIN \
  CTL=unix:$RUN_DIR/run/edge.ctl PYTHONPATH=$TOP/tests/tools PYTHONDONTWRITEBYTECODE=1 \
  python3 "$CASE_DIR/seen.py"

note 'log lines'
expect_log edge 'OpenSSL thread-locals are renewed in every process'
expect_log edge 'WebSocket from 127\.0\.0\.1 refused: origin_refused$'
expect_log edge 'WebSocket from 127\.0\.0\.1 refused: limit_reached$'
expect_log edge 'REGISTER sip:alice@ims\.test of shop by TNA$'
expect_log edge 'core failed: core_timeout$'
expect_log edge 'REGISTER refused: signature_bad call-id='
expect_log edge 'closing connection [0-9]+: 4401 signature_bad$'
expect_log edge 'closing connection [0-9]+: 4900 closed by the operator$'

note 'counters'
expect_counter origin_refused 1
expect_counter limit_reached 1
expect_counter connections_opened 4
expect_counter connections_lost 4
expect_counter connections_closed 2
expect_counter connections 0
expect_rpc edge 'name: shop' webrtc_ims.wwsf
expect_rpc edge 'max_connections: 2' webrtc_ims.stats
