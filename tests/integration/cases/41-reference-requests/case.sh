#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/asked.sh"

start_core
make_asked_wwsfs
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene requests.py "${ASKED_VALUES[@]}"
expect_log edge 'token not resolved: token_server_failed'
refuse_log edge 'CRITICAL|BUG|ERROR: webrtc_ims'
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'

note 'a provisioning that cannot be served'
cp "$PROVISIONING" "$RUN_DIR/wwsf/asks.json"
stop edge
refuse_epcscf nobody '\$\.wwsf\[1\]\.introspection: async_workers is 0; must be at least 1' \
  "PROVISIONING=$PROVISIONING" TOKEN_WORKERS=0
refuse_epcscf noprogram 'fetch_program=/none: must be the absolute path' "PROVISIONING=$PROVISIONING" FETCH_PROGRAM=/none
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" TOKEN_WORKERS=0
cp "$RUN_DIR/wwsf/asks.json" "$PROVISIONING"
rpc edge webrtc_ims.reload >"$RUN_DIR/log/reload" 2>&1 || true
expect_log "$RUN_DIR/log/reload" 'async_workers is 0'
