#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
. "$(dirname "$0")/../../../integration/lib.sh"
# shellcheck source=tests/integration/lib/jwks.sh
. "$TOP/tests/integration/lib/jwks.sh"

scene=../../../integration/cases/19-remote-keys/keys.py
load=(WICS=1000 THREADS=8 ROTATIONS=4)
jwks_source refresh_min=1 refresh_max=1
ports core
start_kamailio core "$TOP/tests/integration/lib/grant.cfg" -A "PORT=${PORT[core]}"
make_wwsf "keys=$JWKS_KEYS" 'algorithms=["ES256", "RS256"]' close_on_bad_token=false
wwsf_key k2 second second RS256
wwsf_key k9 foreign foreign
cp "$RUN_DIR/wwsf/jwks.json" "$RUN_DIR/jwks/jwks.json"
# each token is verified, none is found in the cache
SITE_TAIL='modparam("webrtc_ims", "token_cache_size", 0)'
start_jwks
SHM_MB=768 start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=sip:127.0.0.1:${PORT[core]}" \
  MAX_WICS=1100 WICS_PER_ADDRESS=0 HANDSHAKES_PER_ADDRESS=1000000 LOG_LEVEL=1

run_scene "$scene" PHASE=first
run_scene "$scene" PHASE=rotation "${load[@]}"
run_scene "$scene" PHASE=faults "${load[@]}"
stop jwks || true # ended by a signal
run_scene "$scene" PHASE=dead "${load[@]}"
start_jwks
run_scene "$scene" PHASE=window "PROVISIONING=$PROVISIONING"
refuse_log edge 'CRITICAL'
