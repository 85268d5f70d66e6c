# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Validations one after the other in a worker of the eP-CSCF (loop.cfg).

# many_validations COUNT: about so many; the memory is as full as before
many_validations() {
  make_wwsf
  # fewer than a request has, so that many a token is a miss first, and then a hit
  # shellcheck disable=SC2034 # site_file reads it
  SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 4)'
  site_file edge "PROVISIONING=$PROVISIONING" WSS_WORKERS=1 SIP_WORKERS=1 >"$RUN_DIR/site.cfg"
  sed "s|KAMAILIO_CFG|$TOP/kamailio-cfg|" "$TOP/tests/integration/lib/loop.cfg" >"$RUN_DIR/loop.cfg"
  sed "s|^include_file .*|include_file \"$RUN_DIR/loop.cfg\"|" "$RUN_DIR/site.cfg" >"$RUN_DIR/edge.cfg"
  start_kamailio edge "$RUN_DIR/edge.cfg"
  run_scene "$(realpath --relative-to="$CASE_DIR" "$TOP/tests/integration/lib/loop.py")" "COUNT=$1"
  refuse_log edge 'CRITICAL|BUG'
}
