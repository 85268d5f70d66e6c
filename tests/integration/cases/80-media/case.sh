#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/media.sh
. "$TOP/tests/integration/lib/media.sh"

start_core
make_wwsf
start_rtpengine
start_epcscf edge "PROVISIONING=$PROVISIONING" "RTPENGINE=$RTPENGINE" MEDIA_TIMEOUT_MS=400 "MEDIA_END_TO_END=${END_TO_END:-0}"
run_scene media.py "RTPENGINE_DIR=$RUN_DIR/log/rtpengine"
refuse_log edge 'CRITICAL|del_lump'
stop edge
