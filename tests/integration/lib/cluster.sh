# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For cases on several eP-CSCFs: the lab of tests/lab/cluster.sh, and programs
# that run on its host "tester".

CLUSTER=$RUN_DIR/log/lab
# A range of which IMPUs are claimed, and a block of 1,000 of which they are allocated.
# shellcheck disable=SC2034
CLUSTER_RANGES='[
  {"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"},
  {"range": "sip:range4-!.*!@ims.test", "pilot": "sip:range4@ims.test", "impi": "range4@ims.test",
   "allocate": {"pattern": "sip:range4-{000..999}@ims.test"}, "quarantine": 2}]'

# start_cluster [NAME=VALUE...]: with these settings of cluster.sh
start_cluster() {
  note 'starting the eP-CSCFs, their core and their Redis'
  at_exit cluster end
  env "$@" "$TOP/tests/lab/cluster.sh" "$CLUSTER" start {PORT_LOCK}>&-
  # Who sends what to whom on Mw.
  spawn mw env "PYTHONPATH=$TOP/tests/tools" PYTHONDONTWRITEBYTECODE=1 \
    "$TOP/tests/lab/net.sh" "$CLUSTER" on switch python3 -m crowd.sniff mw
  wait_for 15 'ear on Mw' test -s "$RUN_DIR/log/mw.log"
}

# cluster WORD...
cluster() {
  "$TOP/tests/lab/cluster.sh" "$CLUSTER" "$@" {PORT_LOCK}>&-
}

# run_crowd FILE [NAME=VALUE...]: FILE of the case, on the host of the WICs
run_crowd() {
  local file=$1
  shift
  cluster on tester env "PYTHONPATH=$TOP/tests/tools:$TOP/tests/integration/lib" PYTHONDONTWRITEBYTECODE=1 \
    "SCENE_TOP=$TOP" "SCENE_RUN=$CLUSTER" SCENE_WSS=8443 SCENE_MW=5060 "SCENE_ORIGIN=$WWSF_ORIGIN" \
    ICSCF=10.20.2.30:5060 SCSCF=10.20.2.31:5060 "$@" python3 "$CASE_DIR/$file"
}

# end_cluster: nobody died but who was killed, and nothing is left
end_cluster() {
  stop mw || true
  must_fail grep -E -m 1 'exited by a signal|core was (not )?generated|\bBUG\b' "$CLUSTER"/edge*/epcscf.log "$CLUSTER/eicscf/eicscf.log"
  cluster end
  must_fail test -e "$CLUSTER/net"
}
