#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf dereg_grace=60
start_epcscf edge "PROVISIONING=$PROVISIONING" REG_EVENT=2 PING_PERIOD=300
run_scene news.py
refuse_log edge 'CRITICAL|BUG'
