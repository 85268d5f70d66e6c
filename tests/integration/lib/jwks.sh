# shellcheck shell=bash disable=SC2034
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A WWSF that publishes its keys. Sourced by the cases that need it.

# jwks_source [NAME=JSON...]: the "keys" member of such a WWSF as JSON, in
# JWKS_KEYS; what it publishes is kept in $RUN_DIR/jwks
jwks_source() {
  local member more=''
  certificates
  mkdir -p "$RUN_DIR/jwks"
  "$TOP/tests/lab/certs.sh" "$RUN_DIR/tls-of-another-ca" >"$RUN_DIR/log/certs-of-another-ca.log"
  ports jwks
  for member in "$@"; do
    more+=", \"${member%%=*}\": ${member#*=}"
  done
  JWKS_KEYS="{\"jwks_uri\": \"https://localhost:${PORT[jwks]}/jwks.json\", \"ca_file\": \"../tls/ca.pem\"$more}"
}

# start_jwks: its server, until it listens
start_jwks() {
  spawn jwks python3 "$TOP/tests/integration/lib/jwks_server.py" "${PORT[jwks]}" "$RUN_DIR/jwks" \
    "$RUN_DIR/tls" "$RUN_DIR/tls-of-another-ca"
  wait_for 15 'the server of keys' bash -c "exec 3<>/dev/tcp/127.0.0.1/${PORT[jwks]}"
}
