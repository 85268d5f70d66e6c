#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "register": "start", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene unregistered.py
refuse_log edge 'CRITICAL'
stop edge

note 'other codes'
SITE_TAIL='modparam("webrtc_ims", "unregistered_code", 410)
modparam("webrtc_ims", "unregistered_phrase", "Not Here")
modparam("webrtc_ims", "unregistered_reason", "Q.850;cause=20;text=\"Subscriber absent\"")
modparam("webrtc_ims", "unknown_code", 410)'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene configured.py
stop edge

note 'a pool'
SITE_TAIL=
make_wwsf 'scenario="pool"'
start_epcscf edge "PROVISIONING=$PROVISIONING"
run_scene stale_flow.py
stop edge

note 'codes that there cannot be'
SITE_TAIL='modparam("webrtc_ims", "unregistered_code", 603)'
refuse_epcscf broken 'modparam unregistered_code=603: must be 400\.\.499' "PROVISIONING=$PROVISIONING"
SITE_TAIL='modparam("webrtc_ims", "unknown_code", 407)'
refuse_epcscf broken 'modparam unknown_code=407: must be 400\.\.499, but not 401 or 407' "PROVISIONING=$PROVISIONING"
SITE_TAIL='modparam("webrtc_ims", "unregistered_reason", "SIP;cause=480")'
refuse_epcscf broken 'modparam unregistered_reason=SIP;cause=480: must be like Q\.850;cause=20' "PROVISIONING=$PROVISIONING"
