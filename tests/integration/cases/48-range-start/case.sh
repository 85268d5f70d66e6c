#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

state=$RUN_DIR/state
mkdir -m 0700 "$state"
pilot=sip:range1@ims.test
wildcard='sip:range2-!.*!@ims.test'
parameters() { # NAME=VALUE...
  local pair
  SITE_TAIL=
  for pair in "$@"; do
    SITE_TAIL+="modparam(\"webrtc_ims\", \"${pair%%=*}\", ${pair#*=})"$'\n'
  done
}
start_edge() { # NAME
  start_epcscf "$1" "PROVISIONING=$PROVISIONING" "STATE_DIR=$state" CORE_TIMEOUT_MS=1000
}
in_core() { # IMPU...: each has one contact
  local impu
  for impu in "$@"; do
    [[ $(core registered "$impu" | wc -l) == 1 ]] || return 1
  done
}
not_in_core() {
  local impu
  for impu in "$@"; do
    [[ -z $(core registered "$impu") ]] || return 1
  done
}
all_registered() { # EDGE
  [[ $(rpc "$1" webrtc_ims.ranges | grep -c 'state: registered') == 2 ]]
}
sent() { # NUMBER IMPU [EXPIRES]
  [[ $(core seen REGISTER "${@:2}") -ge $1 ]]
}
# of the REGISTERs of that IMPU, in order
said_of() { # IMPU NAME
  paste <(core said REGISTER to) <(core said REGISTER "$2") | awk -F '\t' -v to="$1" '$1 == to { print $2 }'
}

make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "register": "start", "pilot": "sip:range1@ims.test",
   "impi": "range1@ims.test"},
  {"range": "sip:range2-!.*!@ims.test", "register": "start", "impi": "range2@ims.test"}]'
start_core

note 'at the start'
parameters range_retry_min=1 range_retry_max=1
start_edge edge
wait_for 10 'registered ranges' all_registered edge
in_core "$pilot" "$wildcard" || fail 'a range is not in the core'
expect_eq "$(core seen REGISTER)" 2 'number of REGISTERs'
expect_eq "$(core seen REGISTER "$pilot" 3600)" 1 'REGISTERs of the pilot'
expect_eq "$({ core registered "$pilot" && core registered "$wildcard"; } | awk '{ print $1 }' | sort -u | wc -l)" \
  2 'number of different Contacts'
expect_eq "$({ core registered "$pilot" && core registered "$wildcard"; } | awk '{ print $3 }' | sort -u)" \
  "<sip:range@127.0.0.1:${PORT[edge.mw]};lr>" 'Path of both'
expect_rpc edge 'service_route: <sip:orig@' webrtc_ims.ranges

note 'refreshed by hand'
rpc edge webrtc_ims.range refresh "$wildcard"
wait_for 15 'refresh' sent 2 "$wildcard"
expect_eq "$(said_of "$wildcard" ci | sort -u | wc -l)" 1 'number of Call-IDs'
expect_eq "$(said_of "$wildcard" cseq | xargs)" '1 2' 'CSeqs'
expect_eq "$(rpc edge webrtc_ims.range refresh 'sip:nobody-!.*!@ims.test' 2>&1 | grep -c 'error: 404')" 1 \
  'refusals of an unknown range'
expect_eq "$(rpc edge webrtc_ims.range explode "$wildcard" 2>&1 | grep -c 'error: 400')" 1 \
  'refusals of an unknown command'

note 'taken out by hand, and back'
rpc edge webrtc_ims.range deregister "$wildcard"
wait_for 15 'de-registration' not_in_core "$wildcard"
expect_rpc edge 'state: by_hand' webrtc_ims.ranges
expect_log edge 'range sip:range2-.* is lost'
rpc edge webrtc_ims.range register "$wildcard"
wait_for 15 'registration' in_core "$wildcard"
wait_for 15 'registered ranges' all_registered edge
lost=$(count_log edge 'is lost')

note 'the core is killed'
core crash
rpc edge webrtc_ims.range refresh 'sip:range1-!.*!@ims.test'
expect_rpc edge 'answer: 408' webrtc_ims.ranges
all_registered edge || fail 'a range that has time left is taken for lost'
core revive
rpc edge webrtc_ims.range refresh "$wildcard"
wait_for 15 'ranges in the new core' in_core "$pilot" "$wildcard"
wait_for 15 'registered ranges' all_registered edge
expect_eq "$(count_log edge 'is lost')" "$lost" 'number of losses'

note 'the eP-CSCF is killed'
before=$(core seen REGISTER)
leaves=$(core seen REGISTER "$pilot" 0)
saved() { [[ -s $state/ranges.state ]]; }
wait_for 15 'saved ranges' saved
call_ids=$(said_of "$pilot" ci | tail -1)
kill -KILL -- "-${PID_OF[edge]}"
must_fail stop edge
ports again.wss
PORT[again.mw]=${PORT[edge.mw]}
parameters range_expires=10
start_edge again
wait_for 10 'registered ranges' all_registered again
wait_for 10 'refresh of the pilot' sent "$((before + 2))"
expect_eq "$(said_of "$pilot" ci | tail -1)" "$call_ids" 'Call-ID after the restart'
expect_eq "$(said_of "$pilot" cseq | tail -n +2 | sort -n -C && echo rises)" rises 'CSeq'
expect_eq "$(core seen REGISTER "$pilot" 0)" "$leaves" 'number of de-REGISTERs'

note 'refreshed in time'
before=$(core seen REGISTER "$pilot")
wait_for 10 'refresh of the pilot' sent "$((before + 1))" "$pilot"
expect_eq "$(said_of "$pilot" ci | tail -1)" "$call_ids" 'Call-ID of a refresh'

note 'a clean stop'
stop again
wait_for 15 'empty core' not_in_core "$pilot" "$wildcard"
expect_eq "$(core seen REGISTER "$pilot" 0)" "$((leaves + 1))" 'number of de-REGISTERs'

note 'a clean stop that leaves nothing'
parameters range_leave=0
ports last.wss
PORT[last.mw]=${PORT[edge.mw]}
start_edge last
wait_for 10 'registered ranges' all_registered last
leaves=$(core seen REGISTER "$pilot" 0)
stop last
in_core "$pilot" "$wildcard" || fail 'a range was taken out of the core'
expect_eq "$(core seen REGISTER "$pilot" 0)" "$leaves" 'number of de-REGISTERs'
expect_eq "$(core leaks)" 0 'number of tokens that the core saw'
# Kamailio's tcp main may see the others go before itself.
for name in edge again last; do
  refuse_log "$name" 'CRITICAL: ([^<]|<core> \[core/([^p]|p[^a]))|BUG'
done
