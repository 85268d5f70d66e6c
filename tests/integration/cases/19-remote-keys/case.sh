#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/jwks.sh
. "$TOP/tests/integration/lib/jwks.sh"

jwks_source refresh_min=1 refresh_max=1
start_core
make_wwsf "keys=$JWKS_KEYS" 'algorithms=["ES256", "RS256"]' close_on_bad_token=false dereg_grace=300
wwsf_key k2 second second RS256
wwsf_key k9 foreign foreign
cp "$RUN_DIR/wwsf/jwks.json" "$RUN_DIR/jwks/jwks.json"
# each token is verified, none is found in the cache
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 0)'
mkdir -m 700 "$RUN_DIR/state"
start_edge() {
  start_epcscf edge "PROVISIONING=$PROVISIONING" "STATE_DIR=$RUN_DIR/state"
}
start_edge

run_scene keys.py PHASE=none
start_jwks
run_scene keys.py PHASE=first
run_scene keys.py PHASE=rotation
run_scene keys.py PHASE=faults
stop jwks || true # ended by a signal
run_scene keys.py PHASE=dead
start_jwks
run_scene keys.py PHASE=unknown "PROVISIONING=$PROVISIONING"
# what event_route[webrtc-ims:key-trouble] says
expect_log edge 'keys of shop: connect'
expect_log edge 'keys of shop: bad_set'
expect_log edge 'keys of shop: recovered'

refuse_log edge 'CRITICAL'
kept() { tail -n +5 "$RUN_DIR/state/keys-shop.state" | cmp -s - "$RUN_DIR/jwks/jwks.json"; }
wait_for 15 'the last set in the state directory' kept
stop jwks || true
stop edge || true
start_edge
run_scene keys.py PHASE=restarted
stop edge || true
printf x >>"$RUN_DIR/state/keys-shop.state"
start_edge
run_scene keys.py PHASE=damaged
expect_eq "$(core leaks)" 0 'tokens that reached the core'
