#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

start_core
start_redis r single
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
start_node edge 1 "REGISTRAR=$REDIS_ADDRESS" RING_MS=8000 WIC_TIMEOUT_MS=3000
start_node two 2 "REGISTRAR=$REDIS_ADDRESS" WIC_TIMEOUT_MS=3000
start_node alone 3 "REGISTRAR=$REDIS_ADDRESS" PEER_NETWORKS=
run_nodes peers.py
stop alone
run_nodes calls.py
run_nodes faults.py
refuse_log edge 'CRITICAL'
refuse_log two 'CRITICAL: [^<]' # the core's own processes complain of each other when one is killed
