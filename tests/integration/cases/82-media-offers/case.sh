#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/media.sh
. "$TOP/tests/integration/lib/media.sh"

start_core
make_wwsf
start_rtpengine
ports ecscf
start_epcscf edge "PROVISIONING=$PROVISIONING" "RTPENGINE=$RTPENGINE" MEDIA_TIMEOUT_MS=1000 "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}"
run_scene offers.py "RTPENGINE_DIR=$RUN_DIR/log/rtpengine"
run_scene ends.py "RTPENGINE_DIR=$RUN_DIR/log/rtpengine" "E_CSCF=${PORT[ecscf]}"
refuse_log edge 'CRITICAL|del_lump'
stop edge
