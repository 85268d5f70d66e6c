#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf dereg_grace=5
start_epcscf edge "PROVISIONING=$PROVISIONING" WSS_WORKERS=8
run_scene names.py
refuse_log edge 'CRITICAL'
