#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

MIN_EXPIRES=1 MAX_EXPIRES=3 start_core
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene not_registered.py
refuse_log edge 'CRITICAL'
stop edge
