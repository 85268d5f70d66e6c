#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/media.sh
. "$TOP/tests/integration/lib/media.sh"

start_core
make_wwsf
start_rtpengine
mkdir -m 700 "$RUN_DIR/state"
printf '1:%064x\n' 7 >"$RUN_DIR/flow.key"
chmod 600 "$RUN_DIR/flow.key"

start_edge() {
  start_epcscf edge "PROVISIONING=$PROVISIONING" "RTPENGINE=$RTPENGINE" "STATE_DIR=$RUN_DIR/state" \
    "FLOW_KEY_FILE=$RUN_DIR/flow.key"
}

names() { # how many are in the file
  [[ $(grep -c '^wims-' "$RUN_DIR/state/media.state") == "$1" ]]
}

# More names than one round of the script takes, of sessions that rtpengine does not have.
many() {
  python3 - "$RUN_DIR/state/media.state" <<'END'
import hashlib, pathlib, sys
body = b"".join(b"wims-0-1700000000-%d\n" % i for i in range(1, 401))
pathlib.Path(sys.argv[1]).write_bytes(b"webrtc_ims 1 media %d %s\n%s" % (
    len(body), hashlib.sha256(body).hexdigest().encode(), body))
END
}

# asked N: so many of them has rtpengine been asked to end, each of them once
asked() {
  (($(grep -ho 'wims-0-1700000000-[0-9]*' "$RUN_DIR"/log/rtpengine/rtpengine.log | sort -u | wc -l) == $1))
}

twice() {
  [[ $(count_log edge '400 media sessions of an earlier start are ended') == 2 ]]
}

# restarted SIGNAL USER NAMES COUNT: with two calls of that user and so many names; COUNT starts ended some
restarted() {
  local scene
  rm -f "$RUN_DIR"/{calls,again}
  run_scene restart.py "RTPENGINE_DIR=$RUN_DIR/log/rtpengine" "CALLER=$2" &
  scene=$!
  wait_for 30 'two calls' test -e "$RUN_DIR/calls"
  wait_for 10 'their names' names "$3"
  stop edge "$1" || true
  [[ $(rtpengine sessions) == 2 ]] || fail 'sessions while the eP-CSCF is away'
  start_edge
  touch "$RUN_DIR/again"
  wait "$scene" || fail "the calls over $1"
  expect_eq "$(count_log edge "$3 media sessions of an earlier start are ended")" "$4" 'starts that ended sessions'
}

start_edge
EXPECT_DEATH=yes
restarted KILL alice 2 1
# a start keeps the names of those before for a minute, should it end as early
wait_for 5 "names of the start before" names 2
stop edge
rm "$RUN_DIR/state/media.state"
start_edge
restarted TERM bob 2 2
stop edge
many
start_edge
wait_for 20 'all of many names asked about' asked 400
stop edge KILL || true
start_edge
wait_for 20 'all of them told of once more' twice
expect_eq "$(count_log edge 'runaway while')" 0 'loops cut off'
stop edge
