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

# nice_of KIND: of the processes of that kind
nice_of() {
  rpc edge core.psx | awk -v kind="$1" '$1 == "PID:" { pid = $2 } $1 == "DSC:" && index($0, kind) { print pid }' |
    while read -r pid; do
      cut -d ' ' -f 19 "/proc/$pid/stat"
    done | sort -u
}
first=$(cut -d ' ' -f 19 "/proc/${PID_OF[edge]}/stat")
# The process WIMS does that, once it sees them.
tcp_workers_are_behind() {
  [[ $(nice_of 'tcp receiver') == $((first > 9 ? 19 : first + 10)) ]]
}
wait_for 5 'TCP workers behind the others' tcp_workers_are_behind
expect_eq "$(nice_of 'udp receiver')" "$first" 'nice of UDP workers'
stop edge

note 'a misspelt member'
make_wwsf 'issuers=["https://a.test"]'
refuse_epcscf broken 'issuers' "PROVISIONING=$PROVISIONING"
