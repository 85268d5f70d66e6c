#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

make_wwsf 'dereg_grace=300'
ports silent nobody
python3 - "${PORT[silent]}" <<'PY' &
import socket, sys, time
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(("127.0.0.1", int(sys.argv[1])))
time.sleep(80)
PY
at_exit kill $!

# The other part is played by dead.py: a core that is there.
note 'a media relay that is silent'
ports core
start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=sip:127.0.0.1:${PORT[core]}" \
  "RTPENGINE=udp:127.0.0.1:${PORT[silent]}"
run_scene dead.py "CORE=${PORT[core]}"
refuse_log edge '(CRITICAL|ERROR): webrtc_ims'
stop edge

# dead NAME NEXT-HOP: what a WIC is told
dead() {
  note "$1"
  start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=1000 "MW_NEXT_HOP=$2"
  run_scene dead.py
  refuse_log edge '(CRITICAL|ERROR): webrtc_ims'
  stop edge
}

dead 'a core that is silent' "sip:127.0.0.1:${PORT[silent]}"
dead 'nobody, over UDP' "sip:127.0.0.1:${PORT[nobody]}"
dead 'nobody, over TCP' "sip:127.0.0.1:${PORT[nobody]};transport=tcp"
dead 'a name that leads nowhere' sip:icscf.invalid
