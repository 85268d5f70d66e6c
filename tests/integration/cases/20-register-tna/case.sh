#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
start_bridge bridge edge

note 'SIPp: both spellings of the Bearer header (RFC 8898 2.1, TS 24.371 A.3.2)'
sipp_wic wic wic_register bridge "wic1;Bearer $(mint wic1);Bearer access_token=\"$(mint wic1)\"
wic2;Bearer access_token=\"$(mint wic2)\";bearer  $(mint wic2)"
expect_eq "$(core seen REGISTER)" 6 'number of REGISTERs that entered the core'

run_scene register.py
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'
refuse_log edge 'CRITICAL|ERROR'
