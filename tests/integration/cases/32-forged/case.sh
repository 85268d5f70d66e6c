#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
echo "1:$(openssl rand -hex 32)" >"$RUN_DIR/flow.keys"
settings=("PROVISIONING=$PROVISIONING" "FLOW_KEY_FILE=$RUN_DIR/flow.keys")
start_epcscf edge "${settings[@]}"
run_scene from_wic.py
run_scene relay.py
run_scene from_core.py
note 'started again, with the same key'
stop edge
start_epcscf edge "${settings[@]}"
run_scene restart.py
refuse_log edge 'CRITICAL'
stop edge
