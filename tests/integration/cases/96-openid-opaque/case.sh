#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# Long enough to be sure that the same token is not asked about again.
export OPENID=opaque INTROSPECTION_CACHE=5
start_lab
NODE_EXTRA_CA_CERTS=$TLS_CA browser opaque
wait_for 15 'empty core' registered_nobody alice
expect_log "$EPCSCF_LOG" 'REGISTER refused: token_inactive'
expect_eq "$(count_log "$EPCSCF_LOG" 'REGISTER refused')" "$(count_log "$EPCSCF_LOG" 'REGISTER refused: token_inactive')" \
  'refused REGISTERs'
refuse_log "$EPCSCF_LOG" "$(<"$OPENID_SECRET_FILE")"
# Those that were accepted, and the end of the registration.
expect_eq "$("$TOP/tests/lab/core/core.sh" seen "$CORE_DIR" REGISTER)" \
  $(($(count_log "$EPCSCF_LOG" 'REGISTER sip:alice@ims.test of lab by TNA') + 1)) 'REGISTERs in the core'
expect_eq "$("$TOP/tests/lab/core/core.sh" leaks "$CORE_DIR")" 0 'tokens in the core'
