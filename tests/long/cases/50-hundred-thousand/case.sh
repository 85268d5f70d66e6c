#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
. "$(dirname "$0")/../../../integration/lib.sh"

CONNECTIONS=${CONNECTIONS:-1000}

ports core
start_kamailio core "$TOP/tests/integration/lib/grant.cfg" -A "PORT=${PORT[core]}"
make_range_wwsf '[{"range": "sip:web-!.*!@ims.test", "register": "start", "impi": "web@ims.test"}]' \
  dereg_grace=2
SITE_TAIL='modparam("webrtc_ims", "max_bindings", 100)
modparam("webrtc_ims", "unregistered_timeout", 0)'
SHM_MB=${SHM_MB:-900} start_epcscf edge "PROVISIONING=$PROVISIONING" \
  "MW_NEXT_HOP=sip:127.0.0.1:${PORT[core]}" MAX_WICS="$CONNECTIONS" WICS_PER_ADDRESS=0 \
  HANDSHAKES_PER_ADDRESS=1000000 PING_PERIOD=3600 TCP_LIFETIME=3605 LOG_LEVEL=0
run_scene hundred_thousand.py "CONNECTIONS=$CONNECTIONS" "CORE_LOG=$RUN_DIR/log/core.log"
refuse_log edge 'CRITICAL|ERROR: (webrtc_ims|usrloc)'
