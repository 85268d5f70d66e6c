#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_lab
browser refresh
wait_for 10 'empty core' registered_nobody alice bob
refuse_log "$EPCSCF_LOG" 'REGISTER refused'
