#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'dereg_grace=0'
ports ecscf
start_epcscf edge "PROVISIONING=$PROVISIONING" "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}" \
  REQUESTS_PER_WIC=1 REQUEST_BURST=20
run_scene rate.py "E_CSCF=${PORT[ecscf]}"
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
stop edge

note 'bad tokens'
# A window so long that it is no matter how slow the attacker is.
SITE_TAIL='modparam("webrtc_ims", "ban_window", 3600)' start_epcscf edge "PROVISIONING=$PROVISIONING" BAN_STRIKES=12 'BAN_EXEMPT=192.0.2.0/24, 127.0.0.77'
run_scene bans.py
refuse_log edge 'ERROR: webrtc_ims'
stop edge
refuse_epcscf edge1 'modparam ban_exempt=127\.0\.0\.1/8: bits behind the length are set' "PROVISIONING=$PROVISIONING" \
  BAN_EXEMPT=127.0.0.1/8
