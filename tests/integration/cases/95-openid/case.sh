#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# A change of keys is learned by the ordinary refresh: as often as can be here.
export OPENID=jwt JWKS_MAX_AGE=1 KEYS_REFRESH_MIN=1
start_lab
export KEYS_CMD="kamcmd -s '$EPCSCF_CTL' webrtc_ims.keys | sed -n 's/.*published: //p'"
browser rotate
wait_for 10 'empty core' registered_nobody alice bob
# That of the ID token, and nothing else.
expect_log "$EPCSCF_LOG" 'REGISTER refused: token_typ'
expect_eq "$(count_log "$EPCSCF_LOG" 'REGISTER refused')" "$(count_log "$EPCSCF_LOG" 'REGISTER refused: token_typ')" \
  'refused REGISTERs'
expect_eq "$("$TOP/tests/lab/core/core.sh" leaks "$CORE_DIR")" 0 'tokens in the core'
