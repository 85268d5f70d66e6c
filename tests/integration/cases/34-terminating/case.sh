#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf dereg_grace=60 'dialog_grace={"lost": 0, "silent": 0}'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene terminating.py
stop edge
