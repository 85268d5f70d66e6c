#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/asked.sh"

start_core
asked_server
make_wwsf 'scenario="pool"' anonymous=true "introspection={$ASKED}" 'impis=["pool*@ims.test"]' 'impus=["sip:pool*@ims.test"]' \
  min_remaining=1 leeway=0 dereg_grace=30
asked_values
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene anonymous.py "${ASKED_VALUES[@]}"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL'
stop edge
