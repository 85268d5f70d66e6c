#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/media.sh
. "$TOP/tests/integration/lib/media.sh"

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  dereg_grace=30
start_rtpengine

# with_edge SCENE END_TO_END
with_edge() {
  start_epcscf edge "PROVISIONING=$PROVISIONING" "RTPENGINE=$RTPENGINE" "MEDIA_END_TO_END=$2"
  run_scene "$1" "RTPENGINE_DIR=$RUN_DIR/log/rtpengine"
  refuse_log edge 'CRITICAL|BUG'
  stop edge
  mv "$RUN_DIR/log/edge.log" "$RUN_DIR/log/edge-$2.log" # with what it says when it is stopped
}

with_edge fork.py 0
with_edge end_to_end.py 1
