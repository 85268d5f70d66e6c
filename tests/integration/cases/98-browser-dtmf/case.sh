#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
# timed
. "$(dirname "$0")/../../lib.sh"

no_session() {
  [[ $("$TOP/tests/lab/rtpengine.sh" "$RTPENGINE_DIR" sessions) == 0 ]]
}

MEDIA=1 start_lab
export PHONE=carol
SCSCF=$(sed -n 's/^SCSCF=//p' "$CORE_DIR/env")
spawn phone env "PYTHONPATH=$TOP/tests/tools:$TOP/tests/integration/lib" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
  python3 "$CASE_DIR/rtp_phone.py" "$MW" "$SCSCF" "$PHONE" 159
wait_for 10 'the phone' grep -q '^registered' "$RUN_DIR/log/phone.log"
browser media dtmf
wait_for 10 'the end of the phone' grep -q '^checks: ' "$RUN_DIR/log/phone.log"
grep '^[# FAIL]' "$RUN_DIR/log/phone.log" || true
grep -q '^checks: 0 failed' "$RUN_DIR/log/phone.log" || fail 'at the phone'
wait_for 10 'no session after the call' no_session
refuse_log "$EPCSCF_LOG" 'no media:|CRITICAL'
