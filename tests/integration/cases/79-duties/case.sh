#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
# No end of a connection is to bring the next core a REGISTER.
make_wwsf dereg_grace=300
# One worker: a message of the core never overtakes the one before it. SIPp waits for them
# in one order.
start_epcscf edge "PROVISIONING=$PROVISIONING" SIP_WORKERS=1
start_bridge bridge edge

# duty USER WIC CORE: both sides of one duty, each with what it has to see
duty() {
  note "$2 and $3"
  spawn_core "$3" "$3"
  sipp_wic "$2" "$2" bridge "$1;Bearer $(mint "$1")"
  wait_sipp "$3"
}

duty wic1 wic_calls core_called
duty wic2 wic_called core_calls
duty wic3 wic_cancels core_cancelled
duty wic4 wic_cancelled core_cancels
duty wic5 wic_requests core_requested
duty wic6 wic_requested core_requests

# Behind the others: its 423 is learnt.
duty wic7 wic_registers core_registered

# A call that was cancelled goes with its transaction.
RPC_SECONDS=10 expect_rpc edge '\bcalls: 0$' webrtc_ims.stats
refuse_log edge 'CRITICAL|ERROR: .*webrtc_ims'
