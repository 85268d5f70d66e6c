#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/ranges.sh
. "$TOP/tests/integration/lib/ranges.sh"

start_core
make_range_wwsf "[$(one_range 'range4-!.*!' first range4), {\"range\": \"sip:range2-!.*!@ims.test\", \"impi\": \"range2@ims.test\",
  \"allocate\": {\"list\": [\"sip:range2-ann@ims.test\"]}}]"
start_kemi edge "$CASE_DIR/edge.js" "PROVISIONING=$PROVISIONING"
run_scene members.py
run_scene users.py
expect_log edge 'in sip:range4-!\.\*!@ims\.test of shop, registrar: epcscf'
expect_log edge 'suspended'
expect_log edge 'the core says of sip:range4@ims.test: active'
expect_log edge 'refused: block_used_up'
refuse_log edge 'CRITICAL|BUG|ERROR: webrtc_ims|refused: [^b]'
