#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"

EXPECT_DEATH=yes
start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  dereg_grace=2
start_redis reg single
SITE_TAIL='modparam("webrtc_ims", "registrar_reconcile", 2)
modparam("webrtc_ims", "max_contacts", 3)'
start_node edge 1 "REGISTRAR=$REDIS_ADDRESS"
run_nodes before.py "REDIS_DIR=$RUN_DIR/redis-reg" "REDIS_ADDRESS=$REDIS_ADDRESS"
stop edge
