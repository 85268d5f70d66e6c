#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timed
. "$(dirname "$0")/../../lib.sh"

export TOKEN_TTL=10
start_lab
sed -i 's|"scenario": "web-auth",|& "min_remaining": 0,|' "$PROVISIONING"
kamcmd -s "$EPCSCF_CTL" webrtc_ims.reload
browser expiry
wait_for 10 'empty core' registered_nobody alice bob carol
refuse_log "$EPCSCF_LOG" 'REGISTER refused'
expect_eq "$(count_log "$EPCSCF_LOG" 'ended with its token')" 2 'registrations that ended with their token'
