#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# long
# timeout: 480
# shellcheck source=tests/integration/lib/root.sh
. "$(dirname "$0")/../../lib/root.sh"
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/cluster.sh
. "$TOP/tests/integration/lib/cluster.sh"

start_cluster "RANGES=$CLUSTER_RANGES"
run_crowd faults.py "ROUNDS=${ROUNDS:-1}"
end_cluster
