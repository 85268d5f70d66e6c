#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
. "$(dirname "$0")/../../../integration/lib.sh"
# shellcheck source=tests/integration/lib/storm.sh
. "$TOP/tests/integration/lib/storm.sh"

EXPECT_DEATH=yes
SERVER_DIED=3 # exit status of storm.py

"${MAKE:-make}" -s -C "$TOP" build/uncured/webrtc_ims.so
WEBRTC_IMS_SO=$TOP/build/uncured/webrtc_ims.so storm_server WSS_WORKERS=8
expect_log edge 'built without the TLS cure'
status=0
storm 40000 || status=$?
expect_eq "$status" "$SERVER_DIED" 'status of the storm against a server without the cure'
expect_log edge 'exited by a signal' 0
