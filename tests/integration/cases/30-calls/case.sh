#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'impus=["sip:*@ims.test", "tel:+1555000*"]'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene calls.py
refuse_log edge 'CRITICAL'
# With transactions still in tm's memory: the status is Kamailio's own.
stop edge
