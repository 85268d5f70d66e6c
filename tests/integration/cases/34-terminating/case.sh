#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf dereg_grace=60 'dialog_grace={"lost": 0, "silent": 0}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene terminating.py
stop edge
note 'WICs that are slower than the core may be'
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=1000 WIC_TIMEOUT_MS=4000
run_scene slow.py
stop edge
