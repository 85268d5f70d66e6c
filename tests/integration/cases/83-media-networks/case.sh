#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/media.sh
. "$TOP/tests/integration/lib/media.sh"

# What docs/media.md says for two interfaces.
flags_of() { # site value
  sed -n "s/^    #!substdef \"!$1!\(.*\)!g\"/\1/p" "$TOP/docs/media.md"
}

start_core
make_wwsf
RTPENGINE_INTERFACES='wic/::1 core/127.0.0.1' start_rtpengine
to_core=$(flags_of MEDIA_FLAGS_TO_CORE) to_wic=$(flags_of MEDIA_FLAGS_TO_WIC)
[[ $to_core == *direction=wic* && $to_wic == *direction=core* ]] || fail 'flags in docs/media.md'
start_epcscf edge "PROVISIONING=$PROVISIONING" "RTPENGINE=$RTPENGINE" "MEDIA_FLAGS_TO_CORE=$to_core" \
  "MEDIA_FLAGS_TO_WIC=$to_wic" 'MEDIA_CODECS=transcode-PCMU transcode-opus'
run_scene networks.py "RTPENGINE_DIR=$RUN_DIR/log/rtpengine"
refuse_log edge 'CRITICAL|no media:'
stop edge
