#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# alone
# timeout: 480
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/storm.sh
. "$TOP/tests/integration/lib/storm.sh"

storm_server WSS_WORKERS=4
survive_storm "${STORM_CLIENTS:-20000}"
