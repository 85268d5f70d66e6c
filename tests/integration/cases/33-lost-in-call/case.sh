#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'dialog_grace={"lost": 0, "silent": 3}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene lost.py
note 'pings every second, to lose those that are silent'
stop edge
start_epcscf edge "PROVISIONING=$PROVISIONING" PING_PERIOD=2
run_scene silent.py
# At its end Kamailio's own processes lose sight of each other.
expect_eq "$(count_log edge 'CRITICAL')" "$(count_log edge 'CRITICAL.*receive_fd\(\): EOF')" \
  'CRITICAL lines with those of the stop'
stop edge
