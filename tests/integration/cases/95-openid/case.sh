#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
# alone
. "$(dirname "$0")/../../lib.sh"

export OPENID=jwt
start_lab
browser check
wait_for 10 'empty core' registered_nobody alice bob
refuse_log "$EPCSCF_LOG" 'REGISTER refused'
expect_eq "$("$TOP/tests/lab/core/core.sh" leaks "$CORE_DIR")" 0 'tokens in the core'
