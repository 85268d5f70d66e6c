# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# WWSFs whose tokens are asked about, for scenes of asked.py.

BANK=https://bank.test
BOTH=https://both.test
ASKED_SECRET='s3cret: of+the epcscf'

# make_asked_wwsfs: sets PROVISIONING with three WWSFs: "shop" has signed tokens
# only, "bank" reference tokens only, "both" both. ASKED_VALUES is for run_scene.
make_asked_wwsfs() {
  local ask
  certificates
  ports tokens
  ask="\"endpoint\": \"https://localhost:${PORT[tokens]}/introspect?x=1\", \"client_id\": \"ep cscf\",
    \"client_secret_file\": \"client-secret\", \"ca_file\": \"ca.pem\""
  make_wwsf dereg_grace=1 'impus=["sip:wic1*@ims.test"]' 'impis=["wic1*@ims.test"]'
  (umask 077 && echo "$ASKED_SECRET" >"$RUN_DIR/wwsf/client-secret")
  cp "$RUN_DIR/tls/ca.pem" "$RUN_DIR/wwsf/ca.pem"
  add_wwsf 'name="bank"' 'domain="ims.test"' "origins=[\"$BANK\"]" "issuer=\"$BANK\"" 'audience="ims.test"' \
    dereg_grace=1 'impus=["sip:wic2*@ims.test"]' 'impis=["wic2*@ims.test"]' \
    "introspection={$ask, \"cache\": 2, \"timeout\": 1, \"max_pending\": 30}"
  add_wwsf 'name="both"' 'domain="ims.test"' "origins=[\"$BOTH\"]" "issuer=\"$BOTH\"" 'audience="ims.test"' \
    'algorithms=["ES256"]' 'keys={"jwks_file": "jwks.json"}' 'impus=["sip:wic3*@ims.test"]' \
    dereg_grace=1 'impis=["wic3*@ims.test"]' "introspection={$ask, \"cache\": 0}"
  ASKED_VALUES=("PROVISIONING=$PROVISIONING" "SECRET=$ASKED_SECRET" "BANK=$BANK" "BOTH=$BOTH"
    "TOKENS=${PORT[tokens]}")
}
