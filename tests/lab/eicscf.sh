# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab's eI-CSCF, in front of the core's I-CSCF, for cluster.sh to source after epcscf.sh:
# start_eicscf DIR, stop_eicscf DIR. Site values, from the array EICSCF_SITE, NAME=VALUE each:
# kamailio-cfg/eicscf-site.cfg has them all. EPCSCF_ON as there.

eicscf_settings() { # dir
  local value
  echo '#!KAMAILIO'
  for value in "${EICSCF_SITE[@]}" "RPC_SOCKET=unix:$1/run/ctl" "WEBRTC_IMS_SO=$EPCSCF_MODULE"; do
    site_value "$value"
  done
  echo "include_file \"$EPCSCF_TOP/kamailio-cfg/eicscf.cfg\""
}

start_eicscf() { # dir
  mkdir -p "$1/run"
  eicscf_settings "$1" >"$1/kamailio.cfg"
  spawn "$1/run/eicscf.pid" "$1/eicscf.log" \
    "${EPCSCF_ON[@]}" kamailio -f "$1/kamailio.cfg" -P "$1/run/kamailio.pid" -w "$1/run" -m 32 -M 8 -DD -E
  await_ready "$1/run/eicscf.pid" "$1/eicscf.log" epcscf_answers "$1"
}

stop_eicscf() { # dir
  end_process "$1/run/eicscf.pid"
}
