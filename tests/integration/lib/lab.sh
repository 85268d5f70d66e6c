# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab of tests/lab as "make demo" starts it, on ports of the case: the IMS
# core, the eP-CSCF, the web site. For cases with a browser.

# lab_settings: what lab.sh and demo.sh take from the environment
lab_settings() {
  ports lab.mw lab.wss lab.wwsf lab.openid lab.admin
  export PORT_OFFSET=$((PORT_BASE - 15060)) MW_ADDRESS=127.0.0.1:${PORT[lab.mw]}
  export LAB_WSS_PORT=${PORT[lab.wss]} LAB_WWSF_PORT=${PORT[lab.wwsf]}
  [[ -z ${MEDIA:-} ]] || lab_media_ports
  export LAB_OPENID_PORT=${PORT[lab.openid]} LAB_OPENID_ADMIN_PORT=${PORT[lab.admin]}
}

lab_media_ports() {
  # SIPp sends back what comes on its media port and on the third one from there
  ports lab.ng lab.cli lab.phone lab.media lab.media1 lab.media2 lab.media3
  export LAB_RTPENGINE_NG=${PORT[lab.ng]} LAB_RTPENGINE_CLI=${PORT[lab.cli]}
  export LAB_PHONE_PORT=${PORT[lab.phone]} LAB_PHONE_MEDIA=${PORT[lab.media]}
}

# start_lab: in $LAB; its env is exported, as the browser checks want it. Logs,
# screenshots and consoles are under log/, which the runner keeps on failure.
start_lab() {
  note 'starting the lab'
  LAB=$RUN_DIR/log/lab
  lab_settings
  at_exit "$TOP/tests/lab/lab.sh" stop "$LAB"
  "$TOP/tests/lab/lab.sh" start "$LAB" {PORT_LOCK}>&-
  set -a
  # shellcheck source=/dev/null
  . "$LAB/env"
  set +a
  export OUT_DIR=$RUN_DIR/log
}

# browser SCRIPT [ARGUMENT...]: one of tests/lab/browser, to its end
browser() {
  local script=$1
  shift
  node "$TOP/tests/lab/browser/$script.mjs" "$@" {PORT_LOCK}>&-
}

# lab_registered IMPU: its contacts in the core, one a line
lab_registered() {
  "$TOP/tests/lab/core/core.sh" registered "$CORE_DIR" "$1"
}

# registered_nobody USER...: the core holds no contact of them
registered_nobody() {
  local user
  for user in "$@"; do
    [[ -z $(lab_registered "sip:$user@$DOMAIN") ]] || return 1
  done
}

# reload_page COUNT: a registered page, reloaded so often, is one registration,
# in the core and in the eP-CSCF
reload_page() {
  local impu
  start_lab
  impu=sip:alice@$DOMAIN
  # Both counts must be 1; then sort leaves one line.
  export REGISTERED_CMD="{ '$TOP/tests/lab/core/core.sh' registered '$CORE_DIR' $impu | wc -l
    kamcmd -s '$EPCSCF_CTL' webrtc_ims.bindings impu $impu | grep -c connection: ; } | sort -u"
  browser reload "$1"
  wait_for 10 'empty core' registered_nobody alice
  refuse_log "$EPCSCF_LOG" 'REGISTER refused'
}
