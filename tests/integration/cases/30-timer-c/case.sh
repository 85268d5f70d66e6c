#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING" TIMER_C_MS=1500 SETUP_MS=6000
run_scene timer_c.py
refuse_log edge 'CRITICAL'
stop edge

# The times that are too long to wait for, as tm says them in ticks of 1/16 s.
start_epcscf shipped "PROVISIONING=$PROVISIONING" LOG_LEVEL=3
expect_log shipped 'tm init timers .* fr_inv=2960 .* max_inv_lifetime=19200 '
stop shipped
