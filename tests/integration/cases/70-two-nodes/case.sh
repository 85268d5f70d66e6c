#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
start_node edge 1
start_node two 2
start_node alone 3 PEER_NETWORKS=
run_nodes peers.py
for node in edge two alone; do
  refuse_log "$node" 'CRITICAL'
  stop "$node"
done
