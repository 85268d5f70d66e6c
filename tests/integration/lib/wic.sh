# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Python part of a case: tests/tools/wic and lib/*.py.

# run_wic NAME SCRIPT [ARGUMENT...]: a script of the case, told where the
# eP-CSCF that start_epcscf NAME started is; the case fails when it does
run_wic() {
  local name=$1 script=$2
  shift 2
  EDGE_WSS=${PORT[$name.wss]} EDGE_MW=${PORT[$name.mw]} EDGE_CTL=unix:$RUN_DIR/run/$name.ctl \
    EDGE_LOG=$(log_of "$name") CA=$RUN_DIR/tls/ca.pem CORE_DIR=$RUN_DIR/core \
    WIMS=$WIMS WWSF_ORIGIN=$WWSF_ORIGIN PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=$TOP/tests/tools:$TOP/tests/integration/lib \
    python3 "$script" "$@" {PORT_LOCK}>&- || fail "${script##*/} failed"
}
