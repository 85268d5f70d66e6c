#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

HOSTILE=$RUN_DIR/hostile
(cd "$TOP/tests/tools" && PYTHONDONTWRITEBYTECODE=1 python3 -m hostile.write "$HOSTILE")
PROVISIONING=$HOSTILE/provisioning.json
start_core
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene hostile_tokens.py "HOSTILE=$HOSTILE" "PROVISIONING=$PROVISIONING"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|BUG'
