#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timed
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf dereg_grace=1
start_epcscf edge "PROVISIONING=$PROVISIONING" PING_PERIOD=4 MAX_WICS=100
run_scene loss.py PING_PERIOD=4
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
