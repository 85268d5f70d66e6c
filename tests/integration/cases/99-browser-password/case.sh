#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

export SCENARIO=both
start_lab
browser password
expect_log "$EPCSCF_LOG" 'REGISTER sip:alice@.* by TNA' 0
refuse_log "$EPCSCF_LOG" 'REGISTER sip:d(ora|ave)@.* by TNA|CRITICAL'
wait_for 10 'empty core' registered_nobody alice dora dave
