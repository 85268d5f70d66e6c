#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

note 'a good provisioning file'
make_wwsf
"$WIMS" config check "$PROVISIONING"
mint alice | "$WIMS" token verify --config "$PROVISIONING"
start_epcscf edge "PROVISIONING=$PROVISIONING"
tcp_listens "${PORT[edge.wss]}" || fail 'nobody listens on the WSS port'
refuse_log edge 'CRITICAL|ERROR|BUG'
stop edge

note 'a misspelt member'
make_wwsf 'issuers=["https://a.test"]'
refuse_epcscf broken 'issuers' "PROVISIONING=$PROVISIONING"
