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
note 'a site that has ACKs accounted: tm finds the INVITE of each'
SITE_TAIL='loadmodule "acc.so"
modparam("acc", "log_flag", 1)
modparam("acc", "report_ack", 1)' site_file edge "${settings[@]}" >"$RUN_DIR/edge.cfg"
sed -i 's/^include_file .*/request_route { setflag(1); }\n&/' "$RUN_DIR/edge.cfg"
start_kamailio edge "$RUN_DIR/edge.cfg"
run_scene acks.py
refuse_log edge 'CRITICAL'
stop edge
