#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

state=$RUN_DIR/state
mkdir -m 0700 "$state"

note 'the state directory is off'
make_wwsf dereg_grace=30
start_core
start_epcscf bare "PROVISIONING=$PROVISIONING"
expect_log bare 'state_dir is empty: revocations, fetched keys, registrations of ranges and names of media sessions do not survive a restart'
expect_rpc bare 'saved: no state_dir' webrtc_ims.revoke jti shop x
stop bare

note 'with a real core'
start_epcscf edge "PROVISIONING=$PROVISIONING" "STATE_DIR=$state"
run_scene revoked.py
expect_eq "$(core leaks)" 0 'tokens that reached the core'
expect_eq "$(stat -c %a "$state/revocations.state")" 600 'mode of the state file'
refuse_log edge 'CRITICAL'
saved=$(rpc edge webrtc_ims.revocations | grep -c kind:)
[[ $saved -ge 3 ]] || fail "only $saved revocations are left to be kept"

note 'over a kill and a start'
kill -KILL -- "-${PID_OF[edge]}"
must_fail stop edge
start_epcscf again "PROVISIONING=$PROVISIONING" "STATE_DIR=$state"
expect_log again "$saved revocations of earlier starts are in force"
expect_eq "$(rpc again webrtc_ims.revocations | grep -c kind:)" "$saved" 'revocations after the start'
stop again

note 'the core is played'
core_was=$ICSCF
ports core
ICSCF=127.0.0.1:${PORT[core]}
start_epcscf edge "PROVISIONING=$PROVISIONING" "STATE_DIR=$state"
run_scene underway.py
stop edge
ICSCF=$core_was

note 'a damaged file, then one that cannot be written'
printf 'x' >>"$state/revocations.state"
start_epcscf torn "PROVISIONING=$PROVISIONING" "STATE_DIR=$state"
expect_log torn 'revocations\.state is ignored: is damaged'
expect_eq "$(count_log torn 'is ignored')" 1 'lines about the damaged file'
expect_rpc torn 'saved: yes' webrtc_ims.revoke jti shop first
mkdir "$state/revocations.tmp"
expect_rpc torn 'saved: in force, not saved: open: Is a directory' webrtc_ims.revoke jti shop second
expect_log torn 'revocations\.state is not saved: open: Is a directory'
expect_eq "$(rpc torn webrtc_ims.revocations | grep -c kind:)" 2 'revocations in force'
stop torn
start_epcscf last "PROVISIONING=$PROVISIONING" "STATE_DIR=$state"
expect_log last '1 revocations of earlier starts are in force'
stop last
