#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
wwsf_key k2 second second
wwsf_key b1 bank bank
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene reload.py "PROVISIONING=$PROVISIONING"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
