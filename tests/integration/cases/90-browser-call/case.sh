#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timed
. "$(dirname "$0")/../../lib.sh"

note 'the demo: JsSIP'
# Where the runner looks for what it keeps of a case that failed.
demo=$RUN_DIR/log/demo
lab_settings
CHECK=1 "$TOP/tests/lab/demo.sh" "$demo" {PORT_LOCK}>&-

for shot in {alice,bob}-3-in-call bob-2-incoming; do
  [[ -s $demo/$shot.png ]] || fail "no screenshot $shot"
done
ladder=$demo/ladder.txt
expect_eq "$(head -n 1 "$ladder" | tr -s ' ')" ' WIC alice WIC bob eP-CSCF I-CSCF S-CSCF' 'the head of the ladder'
for message in REGISTER INVITE '180 Ringing' ACK BYE '200 OK \(BYE\)'; do
  expect_log "$ladder" "$message" 0
done
expect_eq "$(count_log "$ladder" '200 OK \(INVITE\)')" 6 'hops of the 200 to the INVITE'
# Two registrations and two ends of one: from the WIC, to the I-CSCF, to the S-CSCF.
expect_eq "$(count_log "$ladder" ' REGISTER sip:')" 12 'hops of REGISTERs'
expect_eq "$(find "$demo/lab" -name env)" '' 'what the demo left behind'

note 'SIP.js'
start_lab
browser check /sipjs.html
wait_for 10 'empty core' registered_nobody alice bob
