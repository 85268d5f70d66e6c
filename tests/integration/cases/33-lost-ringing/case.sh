#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'dialog_grace={"lost": 30, "silent": 30}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene early.py
stop edge
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  'dialog_grace={"lost": 30, "silent": 30}'
start_epcscf edge "PROVISIONING=$PROVISIONING" RING_MS=1500 WIC_TIMEOUT_MS=6000
run_scene fork.py
stop edge
ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene silent.py
stop edge
# At its end Kamailio's own processes lose sight of each other.
expect_eq "$(count_log edge 'CRITICAL')" "$(count_log edge 'CRITICAL.*receive_fd\(\): EOF')" \
  'CRITICAL lines with those of the stops'
