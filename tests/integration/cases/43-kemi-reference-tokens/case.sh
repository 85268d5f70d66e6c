#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
. "$TOP/tests/integration/lib/asked.sh"

start_core
make_asked_wwsfs
SITE_TAIL="loadmodule \"app_jsdt.so\"
modparam(\"app_jsdt\", \"load\", \"$CASE_DIR/edge.js\")
modparam(\"xhttp\", \"event_callback\", \"handshake\")
cfgengine \"jsdt\""
# Settings and modules as they ship, and none of the routes.
site_file edge "PROVISIONING=$PROVISIONING" >"$RUN_DIR/edge.cfg"
sed -i "s|^include_file \"\(.*\)/kamailio.cfg\"|include_file \"\1/site.cfg\"\ninclude_file \"\1/modules.cfg\"|" \
  "$RUN_DIR/edge.cfg"
start_kamailio edge "$RUN_DIR/edge.cfg"
run_scene registers.py "${ASKED_VALUES[@]}"
expect_log edge 'by token: sip:wic20@ims.test'
expect_log edge 'refused: token_inactive'
refuse_log edge 'CRITICAL|BUG|ERROR: webrtc_ims'
