#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  dereg_grace=30
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=2000 RING_MS=2000
run_scene fork.py
run_scene core.py
run_scene pinned.py
refuse_log edge 'CRITICAL'
stop edge
