#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'request_token="require"' 'dereg_grace=0'
ports ecscf relay
E_CSCF=sip:127.0.0.1:${PORT[ecscf]}
SITE_TAIL='modparam("webrtc_ims", "unregistered_timeout", 2)' start_epcscf edge "PROVISIONING=$PROVISIONING" \
  "E_CSCF=$E_CSCF" 'EMERGENCY_NUMBERS=112, 110=sos.police' CORE_TIMEOUT_MS=1000
run_scene emergency.py "E_CSCF=${PORT[ecscf]}"
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
stop edge

note 'registered WICs only'
start_epcscf edge "PROVISIONING=$PROVISIONING" "E_CSCF=$E_CSCF" EMERGENCY_UNREGISTERED=0
run_scene elsewhere.py "E_CSCF=${PORT[ecscf]}" REGISTERED=1
stop edge

note 'no E-CSCF'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene elsewhere.py "E_CSCF=${PORT[ecscf]}" REGISTERED=0
stop edge

note 'the E-CSCF cannot be reached from here, the media relay is gone'
start_epcscf edge "PROVISIONING=$PROVISIONING" 'E_CSCF=sip:[::1]:5060'
run_scene elsewhere.py "E_CSCF=${PORT[ecscf]}" REGISTERED=0
stop edge
start_epcscf edge "PROVISIONING=$PROVISIONING" "E_CSCF=$E_CSCF" "RTPENGINE=udp:127.0.0.1:${PORT[relay]}"
run_scene relay.py "E_CSCF=${PORT[ecscf]}"
stop edge

refuse_epcscf edge1 'modparam ecscf=tel:112: must be a SIP URI' "PROVISIONING=$PROVISIONING" E_CSCF=tel:112
refuse_epcscf edge2 'modparam emergency_numbers=112,police: no number' "PROVISIONING=$PROVISIONING" \
  'EMERGENCY_NUMBERS=112,police'
