# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# WWSFs whose tokens are asked about, for scenes of asked.py.

BANK=https://bank.test
BOTH=https://both.test
ASKED_SECRET='s3cret: of+the epcscf'

# asked_server: a port, and what the eP-CSCF needs to ask there. Sets ASKED,
# members of "introspection".
asked_server() {
  certificates
  ports tokens
  ASKED="\"endpoint\": \"https://localhost:${PORT[tokens]}/introspect?x=1\", \"client_id\": \"ep cscf\",
    \"client_secret_file\": \"client-secret\", \"ca_file\": \"ca.pem\""
  mkdir -p "$RUN_DIR/wwsf"
  (umask 077 && echo "$ASKED_SECRET" >"$RUN_DIR/wwsf/client-secret")
  cp "$RUN_DIR/tls/ca.pem" "$RUN_DIR/wwsf/ca.pem"
}

# asked_values: sets ASKED_VALUES, which is for run_scene
asked_values() {
  ASKED_VALUES=("PROVISIONING=$PROVISIONING" "SECRET=$ASKED_SECRET" "BANK=$BANK" "BOTH=$BOTH"
    "TOKENS=${PORT[tokens]}")
}

# make_asked_wwsfs: sets PROVISIONING with three WWSFs: "shop" has signed tokens
# only, "bank" reference tokens only, "both" both. Sets ASKED_VALUES too.
make_asked_wwsfs() {
  asked_server
  make_wwsf dereg_grace=1 'impus=["sip:wic1*@ims.test"]' 'impis=["wic1*@ims.test"]'
  add_wwsf 'name="bank"' 'domain="ims.test"' "origins=[\"$BANK\"]" "issuer=\"$BANK\"" 'audience="ims.test"' \
    dereg_grace=1 'impus=["sip:wic2*@ims.test"]' 'impis=["wic2*@ims.test"]' \
    "introspection={$ASKED, \"cache\": 2, \"timeout\": 1, \"max_pending\": 30}"
  add_wwsf 'name="both"' 'domain="ims.test"' "origins=[\"$BOTH\"]" "issuer=\"$BOTH\"" 'audience="ims.test"' \
    'algorithms=["ES256"]' 'keys={"jwks_file": "jwks.json"}' 'impus=["sip:wic3*@ims.test"]' \
    dereg_grace=1 'impis=["wic3*@ims.test"]' "introspection={$ASKED, \"cache\": 0}"
  asked_values
}
