#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene answers.py
refuse_log edge 'CRITICAL'
stop edge
note 'a core without an address'
start_epcscf edge "PROVISIONING=$PROVISIONING" MW_NEXT_HOP=sip:nowhere.invalid
run_scene nowhere.py
stop edge
