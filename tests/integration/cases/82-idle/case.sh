#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" HANDSHAKE_TIMEOUT=3 UNREGISTERED_TIMEOUT=4 MAX_WICS=200
run_scene idle.py
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
stop edge
