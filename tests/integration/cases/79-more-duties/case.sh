#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core ecscf
ICSCF=127.0.0.1:${PORT[core]}
PARTNER=https://partner.test
# The core is to have no REGISTER of us but for those of its own scenario.
make_wwsf dereg_grace=300 'dialog_grace={"lost": 0, "silent": 0}' 'impus=["sip:wic*@ims.test"]' 'impis=["wic*@ims.test"]'
add_wwsf 'name="partner"' 'scenario="web-auth"' 'domain="ims.test"' "origins=[\"$PARTNER\"]" "issuer=\"$PARTNER\"" \
  'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' 'impus=["sip:guest*@ims.test"]' 'impis=["guest*@ims.test"]' \
  'convey={"waf": "authorization-entity", "wwsf": "web-server-entity"}'

# duty USER WIC CORE [BRIDGE] [OPTION OF A TOKEN...]: both sides of one duty
duty() {
  local user=$1 wic=$2 core=$3 bridge=${4:-bridge}
  note "$wic and $core"
  spawn_core "$core" "$core"
  sipp_wic "$wic" "$wic" "$bridge" "$user;Bearer $(mint "$user" "${@:5}");Bearer $(mint "$user" "${@:5}")"
  wait_sipp "$core"
}

# core_asks NAME URI ROUTE STATUS: of the core
core_asks() {
  note "$1"
  run_sipp "$1" "$TOP/sipp-scenarios/core_asks.xml" "127.0.0.1:${PORT[edge.mw]}" -p "${PORT[core]}" -m 1 \
    -key uri "$2" -key route "Route: $3" -key callee '<sip:wic4@ims.test>' -key answer "SIP/2.0 $4"
}

# One worker, as in 79-duties.
start_epcscf edge "PROVISIONING=$PROVISIONING" SIP_WORKERS=1 "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}"
start_bridge bridge edge
start_bridge partner edge "$PARTNER"
duty wic1 wic_asserted core_asserted
duty guest2 wic_register core_conveyed partner --iss "$PARTNER"
duty wic3 wic_gone_calling core_cancelled
duty wic4 wic_gone_ringing core_unanswered
duty wic5 wic_gone_in_call core_left
duty wic6 wic_no_dialog core_grants

note 'the flow of a WIC that is gone, and one that nobody gave out'
read -r uri path _ <"$RUN_DIR/log/core_unanswered.vars"
core_asks gone "$uri" "$path" '430 Flow Failed'
core_asks forged "$uri" "${path/sip:??/sip:AA}" '403 Bad Flow Token'

sipp_wic hops wic_stranger bridge 'wic6;sip:peer@ims.test;Max-Forwards: 0;SIP/2.0 483 Too Many Hops'

note 'what the core says of a REGISTER reaches its WIC'
for answer in '420 Bad Extension' '421 Extension Required' '439 First Hop Lacks Outbound Support' \
  '481 Call/Transaction Does Not Exist' '494 Security Agreement Required'; do
  spawn_core "core-${answer%% *}" core_answer -key answer "SIP/2.0 $answer" -key headers 'X-None: 0'
  sipp_wic "wic-${answer%% *}" wic_refused bridge "wic7;600;Authorization: Bearer $(mint wic7);SIP/2.0 $answer;"
  wait_sipp "core-${answer%% *}"
done

note 'overload, and a call for help beside it'
rpc edge webrtc_ims.load 400 >/dev/null
sipp_wic full wic_refused bridge "wic8;600;Authorization: Bearer $(mint wic8);SIP/2.0 503 Service Unavailable;"
expect_rpc edge 'webrtc_ims:refused_registers = 1$' stats.get_statistics webrtc_ims:
sipp_wic full_stranger wic_stranger bridge 'wic8;sip:peer@ims.test;X-None: 0;SIP/2.0 503 Service Unavailable'
core_asks full_core "$uri" "$path" '503 Service Unavailable'
spawn_sipp core_emergency "$TOP/sipp-scenarios/core_emergency.xml" 127.0.0.1 -p "${PORT[ecscf]}" -m 1
wait_for 15 'E-CSCF' udp_bound "${PORT[ecscf]}"
sipp_wic wic_emergency wic_emergency bridge wic8
wait_sipp core_emergency
rpc edge webrtc_ims.load auto >/dev/null
RPC_SECONDS=10 expect_rpc edge '\bcalls: 0$' webrtc_ims.stats
refuse_log edge 'CRITICAL|ERROR: .*webrtc_ims'
stop edge

note 'no E-CSCF, a small rate, and news of registrations'
stop bridge
start_epcscf edge "PROVISIONING=$PROVISIONING" SIP_WORKERS=1 REG_EVENT=2 REQUESTS_PER_WIC=1 REQUEST_BURST=10
start_bridge bridge edge
sipp_wic wic_elsewhere wic_elsewhere bridge wic1
sipp_wic nobody wic_stranger bridge 'wic1;sip:peer@ims.test;X-None: 0;SIP/2.0 403 Not Registered'
sipp_wic wic_hasty wic_hasty bridge wic1
spawn_core core_ends core_ends -m 2
spawn_wic wic_ended wic_ended bridge "wic9;Bearer $(mint wic9)"
wait_sipp core_ends
wait_for 15 'Close 4403' grep -q 'by=ws code=4403' "$RUN_DIR/log/bridge.events"
stop wic_ended KILL || true # it waits for nothing more
# The same log: Kamailio's own processes may have lost sight of each other at the first end.
refuse_log edge 'ERROR: .*webrtc_ims'
stop edge
