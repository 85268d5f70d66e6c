# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# start_tap: every byte that goes to the core is kept in $RUN_DIR/mw. To be
# called after start_core and before start_epcscf, which is given
# "MW_NEXT_HOP=$TAP".
start_tap() {
  ports tap
  TAP=sip:127.0.0.1:${PORT[tap]}
  spawn tap python3 "$TOP/tests/integration/lib/mwtap.py" "127.0.0.1:${PORT[tap]}" "$ICSCF" "$RUN_DIR/mw"
  wait_for 15 'tap on Mw' udp_bound "${PORT[tap]}"
  wait_for 15 'folder of the tap' test -d "$RUN_DIR/mw"
}
