# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Cases whose part is played by a Python program: tests/integration/lib/scene.py
# tells it where everything is.

# run_scene FILE [VALUE=...]: FILE of the case against the Kamailio "edge"; a
# VALUE goes into its environment. The case fails when a check of it does.
run_scene() {
  local file=$1
  shift
  env "PYTHONPATH=$TOP/tests/tools:$TOP/tests/integration/lib" PYTHONDONTWRITEBYTECODE=1 \
    "SCENE_TOP=$TOP" "SCENE_RUN=$RUN_DIR" "SCENE_WSS=${PORT[edge.wss]}" "SCENE_MW=${PORT[edge.mw]}" \
    "SCENE_ORIGIN=$WWSF_ORIGIN" "SCENE_PORTS=$PORT_NEXT $((PORT_BASE + PORT_BLOCK))" "ICSCF=${ICSCF:-}" "SCSCF=${SCSCF:-}" "$@" \
    python3 "$CASE_DIR/$file" {PORT_LOCK}>&-
}
