#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: certs.sh DIR [EXTRA_HOST]
# Makes the lab's certificates in DIR: ca.pem, server.pem (leaf first, then the CA) and server.key.
# SAN: localhost, 127.0.0.1, ::1 and EXTRA_HOST. What is there is kept if it fits and lasts another day.
set -euo pipefail

readonly DAYS=30
DIR=${1:?usage: certs.sh DIR [EXTRA_HOST]}
EXTRA=${2:-}

san() {
  local san="DNS:localhost,IP:127.0.0.1,IP:::1"
  if [[ -z $EXTRA || $EXTRA == localhost || $EXTRA == 127.0.0.1 ]]; then
    echo "$san"
  elif [[ $EXTRA =~ ^[0-9.]+$ || $EXTRA == *:* ]]; then
    echo "$san,IP:$EXTRA"
  else
    echo "$san,DNS:$EXTRA"
  fi
}

still_good() {
  [[ -s $DIR/server.pem && -s $DIR/server.key && -s $DIR/ca.pem && $(cat "$DIR/san" 2>/dev/null) == "$(san)" ]] \
    && openssl x509 -in "$DIR/server.pem" -noout -checkend 86400 >/dev/null
}

new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null
}

make_ca() {
  new_key "$DIR/ca.key"
  openssl req -x509 -new -key "$DIR/ca.key" -days "$DAYS" -subj "/CN=webrtc_ims lab CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -out "$DIR/ca.pem"
}

make_server() {
  new_key "$DIR/server.key"
  openssl req -new -key "$DIR/server.key" -subj "/CN=${EXTRA:-localhost}" -out "$DIR/server.csr"
  openssl x509 -req -in "$DIR/server.csr" -CA "$DIR/ca.pem" -CAkey "$DIR/ca.key" -CAcreateserial -days "$DAYS" \
    -extfile <(printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
      "extendedKeyUsage=serverAuth" "subjectAltName=$(san)") -out "$DIR/leaf.pem" 2>/dev/null
  cat "$DIR/leaf.pem" "$DIR/ca.pem" >"$DIR/server.pem"
}

umask 077
mkdir -p "$DIR"
if ! still_good; then
  make_ca
  make_server
  # The CA's key is not needed again: whoever imports this CA trusts one certificate, not a key on a disk.
  rm -f "$DIR/ca.key" "$DIR/server.csr" "$DIR/leaf.pem" "$DIR/ca.srl"
  san >"$DIR/san"
fi
