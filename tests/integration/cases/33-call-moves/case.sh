#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'dialog_grace={"lost": 3, "silent": 3}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene moves.py
refuse_log edge 'CRITICAL'
stop edge
