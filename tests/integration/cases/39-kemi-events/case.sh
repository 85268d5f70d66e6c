#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/jwks.sh
. "$TOP/tests/integration/lib/jwks.sh"

jwks_source refresh_min=1
make_wwsf "keys=$JWKS_KEYS"
SITE_TAIL="loadmodule \"app_jsdt.so\"
modparam(\"app_jsdt\", \"load\", \"$CASE_DIR/events.js\")
cfgengine \"jsdt\"
modparam(\"webrtc_ims\", \"event_callback\", \"on_event\")"
start_epcscf edge "PROVISIONING=$PROVISIONING"
expect_log edge 'told of webrtc-ims:key-trouble: wwsf=shop reason=connect impu= connection=0'
refuse_log edge 'event_callback=on_event failed'
refuse_log edge 'keys of shop: connect' # the route of the native script
stop edge
