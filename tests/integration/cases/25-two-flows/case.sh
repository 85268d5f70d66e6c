#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf dereg_grace=1
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene two.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
refuse_log edge 'CRITICAL|BUG'
stop edge

note 'in a range, where this node is the registrar: one of them rings'
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "register": "start",
  "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' dereg_grace=1
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene range.py
refuse_log edge 'CRITICAL|BUG'
