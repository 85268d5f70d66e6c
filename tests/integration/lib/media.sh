# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# rtpengine of a case, by tests/lab/rtpengine.sh. Sourced by the cases that need it.

# start_rtpengine: on ports of the case; it ends with the case. Sets RTPENGINE,
# which is the site value.
start_rtpengine() {
  ports rtpengine.ng rtpengine.cli
  at_exit rtpengine end
  RTPENGINE_NG=${PORT[rtpengine.ng]} RTPENGINE_CLI=${PORT[rtpengine.cli]} rtpengine start {PORT_LOCK}>&-
  RTPENGINE=$(rtpengine address)
}

# rtpengine WORD...: sessions, packets, kill, freeze, ... as rtpengine.sh has them
rtpengine() {
  "$TOP/tests/lab/rtpengine.sh" "$RUN_DIR/log/rtpengine" "$@"
}
