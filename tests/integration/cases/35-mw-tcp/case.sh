#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf dereg_grace=0
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=sip:$ICSCF;transport=tcp" TCP_LIFETIME=250
run_scene tcp.py
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
stop edge
