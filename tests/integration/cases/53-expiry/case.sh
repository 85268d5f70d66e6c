#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

SITE_TAIL='modparam("webrtc_ims", "min_expires", 3)
modparam("webrtc_ims", "unregistered_timeout", 5)'
start_core
make_wwsf min_remaining=3
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene expiry.py UNREGISTERED=5
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
