#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
. "$(dirname "$0")/../../../integration/lib.sh"
# shellcheck source=tests/integration/lib/reloads.sh
. "$TOP/tests/integration/lib/reloads.sh"

reload_under_load 100 30 500
