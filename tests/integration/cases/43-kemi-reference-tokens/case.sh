#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/asked.sh"

start_core
make_asked_wwsfs
start_kemi edge "$CASE_DIR/edge.js" "PROVISIONING=$PROVISIONING"
run_scene registers.py "${ASKED_VALUES[@]}"
expect_log edge 'by token: sip:wic20@ims.test'
expect_log edge 'refused: token_inactive'
refuse_log edge 'CRITICAL|BUG|ERROR: webrtc_ims'
