#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timed
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" PING_PERIOD=60
run_scene close.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|ERROR'
