#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf min_remaining=0 dereg_grace=60
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene ends.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
stop edge

note 'the core is played, calls end with the token'
ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf min_remaining=0 calls_outlive_token=false close_on_bad_token=false
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=20000 # longer than it plays dead
run_scene underway.py
stop edge
