#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene handshake.py
run_scene tls.py
refuse_log edge 'CRITICAL'
stop edge
