#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" "CORE_NETWORKS=127.9.0.0/16,127.8.0.1/32"
run_scene networks.py
stop edge

note 'MW_ADDRESS is a name'
start_core
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_ADDRESS=localhost:${PORT[edge.mw]}"
run_scene name.py
refuse_log edge 'CRITICAL'
