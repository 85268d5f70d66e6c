#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/mwtap.sh"

start_core
start_tap
make_wwsf
(umask 077 && echo "1:$(openssl rand -hex 32)" >"$RUN_DIR/flow.keys")
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=$TAP" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" WITH_LADDER=
run_scene secrets.py "MW_FOLDER=$RUN_DIR/mw"
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'
