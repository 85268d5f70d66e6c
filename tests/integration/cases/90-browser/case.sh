#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
# alone
. "$(dirname "$0")/../../lib.sh"

# Where the runner looks for what it keeps of a case that failed.
demo=$RUN_DIR/log/demo
CHECK=1 PORT_OFFSET=$((PORT_BASE - 15060)) "$TOP/tests/lab/demo.sh" "$demo"

compgen -G "$demo/*.png" >/dev/null || fail 'no screenshot'
expect_log "$demo/ladder.txt" 'REGISTER' 0
expect_log "$demo/ladder.txt" 'INVITE' 0
expect_log "$demo/ladder.txt" 'BYE' 0
