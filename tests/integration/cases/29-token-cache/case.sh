#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf leeway=0 min_remaining=0 close_on_bad_token=false
wwsf_key k2 second second
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene cached.py "PROVISIONING=$PROVISIONING"
stop edge

note 'no cache'
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 0)'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene uncached.py
stop edge
expect_eq "$(core leaks)" 0 'tokens that reached the core'

note 'a size that cannot be'
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 10000001)'
refuse_epcscf broken 'modparam token_cache_size=10000001: must be 0\.\.10000000' "PROVISIONING=$PROVISIONING"
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 1000000)'
refuse_epcscf greedy 'shared memory \(-m\) of 64 MB is too small' "PROVISIONING=$PROVISIONING"
