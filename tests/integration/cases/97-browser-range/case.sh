#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# long
. "$(dirname "$0")/../../lib.sh"

export SCENARIO=range
start_lab
export CONTACTS_CMD="kamcmd -s '$EPCSCF_CTL' webrtc_ims.bindings impu sip:$ALICE_IDENTITY@$DOMAIN | grep -c connection: || true"
browser fork / /sipjs.html
browser fork /sipjs.html /
for shot in {alice,alice-tab}-fork-1-incoming alice-tab-fork-2-stopped alice-fork-3-in-call carol-fork-4-480; do
  [[ -s $OUT_DIR/$shot.png ]] || fail "no screenshot $shot"
done
seen=$("$TOP/tests/lab/core/core.sh" said "$CORE_DIR" REGISTER to)
expect_eq "$seen" "sip:shop@$DOMAIN" 'what was registered in the core'
expect_eq "$("$TOP/tests/lab/core/core.sh" leaks "$CORE_DIR")" 0 'tokens in the core'
refuse_log "$EPCSCF_LOG" 'REGISTER refused|CRITICAL'
