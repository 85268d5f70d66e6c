#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

start_core
make_wwsf 'impus=["sip:*@ims.test", "tel:+1555000*"]'
start_epcscf edge "PROVISIONING=$PROVISIONING" IOI=net.ims.test ACCESS_NETWORK_INFO=IEEE-802.11 \
  'ALLOW_HEADERS=User-to-User'
run_scene originating.py
refuse_log edge 'CRITICAL'
stop edge
note 'a Route that is not the Service-Route is refused'
start_epcscf edge "PROVISIONING=$PROVISIONING" ROUTE_POLICY=refuse
run_scene refuse.py
stop edge
refuse_epcscf other 'modparam route_policy=drop: must be replace or refuse' ROUTE_POLICY=drop
refuse_epcscf other 'modparam ioi=a b: must be a host name' 'IOI=a b'
refuse_epcscf other 'modparam access_network_info=IEEE-802.11;np: must be' 'ACCESS_NETWORK_INFO=IEEE-802.11;np'
