#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck source=tests/integration/lib/root.sh
. "$(dirname "$0")/../../lib/root.sh"
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/cluster.sh
. "$TOP/tests/integration/lib/cluster.sh"

# On a busy machine Redis may take longer than 200 ms, and the eI-CSCF lets the call pass then.
start_cluster "RANGES=$CLUSTER_RANGES" FRONT_SITE=REGISTRAR_TIMEOUT_MS=2000
run_crowd calls.py
end_cluster
