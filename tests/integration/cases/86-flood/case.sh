#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'close_on_bad_token=false'
# Low, so that a slow machine's flood is one as well.
start_epcscf edge "PROVISIONING=$PROVISIONING" WSS_WORKERS=1 OVERLOAD_WORK=50
run_scene flood.py
expect_log edge 'overload: workers are busy [0-9]+ % of their time'
expect_log edge 'overload is over'
refuse_log edge 'CRITICAL|ERROR: webrtc_ims'
