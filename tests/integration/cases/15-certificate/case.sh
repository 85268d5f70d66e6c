#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

connect() {
  openssl s_client -connect "127.0.0.1:${PORT[edge.wss]}" "$@" </dev/null 2>/dev/null
}

serial() {
  connect | openssl x509 -noout -serial
}

make_wwsf 'name="shop"'
sed -n '/^\[server:default\]/,/^```/p' "$TOP/docs/configuration.md" | grep -v '^```' |
  sed "s|/etc/kamailio/wss-cert.pem|$RUN_DIR/tls/server.pem|; s|/etc/kamailio/wss-key.pem|$RUN_DIR/tls/server.key|" \
    >"$RUN_DIR/tls.cfg"
start_epcscf edge "PROVISIONING=$PROVISIONING" "TLS_CONFIG=$RUN_DIR/tls.cfg"
before=$(serial)

note 'a new certificate'
rm -rf "$RUN_DIR/tls"
certificates
expect_eq "$(serial)" "$before" 'certificate before the reload'
expect_rpc edge 'Ok' tls.reload
expect_eq "$(serial)" "$(openssl x509 -noout -serial -in "$RUN_DIR/tls/server.pem")" 'certificate after it'
[[ $(serial) != "$before" ]] || fail 'the certificate is the old one'

note 'versions and suites'
connect -tls1_3 >/dev/null
connect -tls1_2 -cipher ECDHE+AESGCM >/dev/null
must_fail connect -tls1_2 -cipher 'ECDHE+AES:!AESGCM:!AESCCM' >/dev/null
must_fail connect -tls1_1 -cipher 'DEFAULT@SECLEVEL=0' >/dev/null
