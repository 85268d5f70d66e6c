#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core probe
ICSCF=127.0.0.1:${PORT[core]}
# A connection that stays open after a 400 saves thousands of handshakes.
make_wwsf close_on_bad_token=false
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=2000
start_kamailio probe "$TOP/tests/integration/lib/probe.cfg" -A "PORT=${PORT[probe]}"
run_scene smuggling.py "PROBE=127.0.0.1:${PORT[probe]}"
refuse_log edge 'CRITICAL'
stop edge
