#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
. "$(dirname "$0")/../../lib.sh"

ports core probe ecscf
ICSCF=127.0.0.1:${PORT[core]}
WEB=('domain="ims.test"' 'audience="ims.test"' 'algorithms=["ES256"]' 'keys={"jwks_file": "jwks.json"}'
  'close_on_bad_token=false')
make_wwsf close_on_bad_token=false dereg_grace=0 'impus=["sip:alice@ims.test", "sip:bob@ims.test", "sip:wic*@ims.test"]' \
  'impis=["alice@ims.test", "bob@ims.test", "wic*@ims.test"]'
add_wwsf 'name="thin"' 'scenario="ims-auth"' 'domain="ims.test"' 'origins=["https://thin.test"]'
add_wwsf 'name="both"' 'scenario=["web-auth", "ims-auth"]' "${WEB[@]}" 'origins=["https://both.test"]' \
  'issuer="https://both.test"' 'impus=["sip:dora@ims.test"]' 'impis=["dora@ims.test"]'
add_wwsf 'name="bank"' 'scenario="pool"' "${WEB[@]}" 'origins=["https://bank.test"]' 'issuer="https://bank.test"' \
  'impus=["sip:pool1@ims.test"]' 'impis=["pool1@ims.test"]'
add_wwsf 'name="acme"' 'scenario="range"' "${WEB[@]}" 'origins=["https://acme.test"]' 'issuer="https://acme.test"' \
  'ranges=[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  'impis=["range1-*@ims.test"]'
start_epcscf edge "PROVISIONING=$PROVISIONING" CORE_TIMEOUT_MS=2000 "E_CSCF=sip:127.0.0.1:${PORT[ecscf]}" \
  HANDSHAKES_PER_ADDRESS=10000
start_kamailio probe "$TOP/tests/integration/lib/probe.cfg" -A "PORT=${PORT[probe]}"
for part in ${PARTS:-registering calling outside}; do
  note "$part"
  run_scene "$part.py" "PROBE=127.0.0.1:${PORT[probe]}" "ECSCF=${PORT[ecscf]}"
done
refuse_log edge 'CRITICAL|BUG'
stop edge
