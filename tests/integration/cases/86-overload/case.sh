#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'dereg_grace=0'
ports ecscf
start_epcscf edge "PROVISIONING=$PROVISIONING" "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}"
run_scene overload.py "E_CSCF=${PORT[ecscf]}"
refuse_log edge 'CRITICAL|ERROR: webrtc_ims|refused: overloaded'
stop edge

note 'shared memory that is nearly used up'
# tls has a limit of its own, which would refuse the connections
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 0)
modparam("tls", "low_mem_threshold1", 1)
modparam("tls", "low_mem_threshold2", 1)' SHM_MB=8 start_epcscf edge "PROVISIONING=$PROVISIONING" \
  "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}" OVERLOAD_MEMORY=50
run_scene full.py "E_CSCF=${PORT[ecscf]}"
expect_log edge 'overload: workers are busy .* shared memory [6-9][0-9] % in use: new requests are refused'
