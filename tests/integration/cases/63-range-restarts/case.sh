#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/ranges.sh
. "$TOP/tests/integration/lib/ranges.sh"

MIN_EXPIRES=1 MAX_EXPIRES=16 start_core
make_ranges_wwsf
mkdir -m 700 "$RUN_DIR/state"
(umask 077 && echo "1:$(openssl rand -hex 32)" >"$RUN_DIR/flow.keys")
values=("PROVISIONING=$PROVISIONING" "STATE_DIR=$RUN_DIR/state" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" CORE_TIMEOUT_MS=1000)
SITE_TAIL='modparam("webrtc_ims", "range_retry_min", 1)'
start_epcscf edge "${values[@]}"
run_scene restarts.py WHAT=core

note 'the eP-CSCF is killed and started again'
kill -KILL -- "-${PID_OF[edge]}"
must_fail wait "${PID_OF[edge]}" 2>/dev/null
forget edge
start_epcscf edge "${values[@]}"
run_scene restarts.py WHAT=edge
expect_eq "$(core leaks)" 0 'tokens that the core saw'
refuse_log edge 'CRITICAL: [^<]' # the core's own processes complain of each other when one is killed
