#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf 'impus=["sip:*@ims.test", "tel:+1555000*"]' dereg_grace=300
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene answers.py
refuse_log edge 'CRITICAL|BUG'
