# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutated messages over WSS against a core that keeps every byte.

# mutants COUNT [PROGRAM]: of lib/; mutants.py makes REGISTERs
mutants() {
  ports core probe
  # shellcheck disable=SC2034 # run_scene passes it on
  ICSCF=127.0.0.1:${PORT[core]}
  # A connection that stays open after a 401 saves thousands of handshakes; there
  # are many from one address all the same.
  make_wwsf close_on_bad_token=false
  add_wwsf 'name="thin"' 'scenario="ims-auth"' 'domain="ims.test"' 'origins=["https://thin.test"]'
  # What each of thousands leaves stays for some seconds: tm keeps it.
  SHM_MB=256 start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=2000 HANDSHAKES_PER_ADDRESS=100000
  start_kamailio probe "$TOP/tests/integration/lib/probe.cfg" -A "PORT=${PORT[probe]}"
  CASE_DIR=$TOP/tests/integration/lib run_scene "${2:-mutants.py}" "PROBE=127.0.0.1:${PORT[probe]}" "COUNT=$1"
  refuse_log edge 'CRITICAL|BUG'
  stop edge
}
