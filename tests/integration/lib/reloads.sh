# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reloads of the provisioning while WICs register (reloads.py).

# reload_under_load RELOADS SECONDS RATE: so many, spread over that time, at RATE
# REGISTERs a second
reload_under_load() {
  ports core
  start_kamailio core "$TOP/tests/integration/lib/grant.cfg" -A "PORT=${PORT[core]}"
  make_wwsf close_on_bad_token=false
  start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=sip:127.0.0.1:${PORT[core]}" LOG_LEVEL=0
  run_scene "$(realpath --relative-to="$CASE_DIR" "$TOP/tests/integration/lib/under_load.py")" \
    "PROVISIONING=$PROVISIONING" "RELOADS=$1" "SECONDS_OF_LOAD=$2" "RATE=$3"
  refuse_log edge 'CRITICAL|BUG'
}
