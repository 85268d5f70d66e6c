#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab: an IMS core, the eP-CSCF and the WWSF, in the background. See README.md.
#   lab.sh start DIR     start all; DIR/env says where everything is
#   lab.sh stop DIR      stop all
#   lab.sh status DIR    one line for each part; fails if one is down
# Settings: MW=host:port (a core in place of the lab's), DOMAIN, DEMO_HOST (name or address for browsers on other
# machines), PORT_OFFSET, LAB_WSS_PORT, LAB_WWSF_PORT, TOKEN_TTL (s), MAX_WICS, LADDER (log each SIP message), OPENID=jwt
# or opaque (users sign in at an OpenID provider, whose access tokens are of that kind), SCENARIO=web-auth, pool, range or
# allocate (where the users' identities come from), MEDIA=1 (rtpengine between WebRTC and IMS, and a plain SIP phone, dora,
# in the core, which sends back what it hears).
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=epcscf.sh
. "$HERE/epcscf.sh"
# shellcheck source-path=SCRIPTDIR source=openid.sh
. "$HERE/openid.sh"
# shellcheck source-path=SCRIPTDIR source=scenario.sh
. "$HERE/scenario.sh"
# shellcheck source-path=SCRIPTDIR source=phone.sh
. "$HERE/phone.sh"

readonly USERS=(alice bob carol)

die() {
  echo "lab.sh: $*" >&2
  exit 1
}

usage() {
  sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# --- parameters -----------------------------------------------------------

is_address() { [[ $1 =~ ^[0-9]+(\.[0-9]+){3}$ ]]; }

set_parameters() {
  local offset=${PORT_OFFSET:-0}
  DOMAIN=${DOMAIN:-ims.test}
  WSS_PORT=${LAB_WSS_PORT:-$((8443 + offset))}
  WWSF_PORT=${LAB_WWSF_PORT:-$((9443 + offset))}
  PUBLIC_HOST=${DEMO_HOST:-localhost}
  LISTEN=127.0.0.1
  if [[ -n ${DEMO_HOST:-} ]]; then
    LISTEN=0.0.0.0
    ! is_address "$DEMO_HOST" || LISTEN=$DEMO_HOST
  fi
  MW_ADDRESS=${MW_ADDRESS:-127.0.0.1:$((15070 + offset))}
  WWSF_URL=https://$PUBLIC_HOST:$WWSF_PORT
  WSS_URL=wss://$PUBLIC_HOST:$WSS_PORT/
  TLS_CERT=$DIR/tls/server.pem
  TLS_KEY=$DIR/tls/server.key
  TLS_CA=$DIR/tls/ca.pem
  TOKEN_KEY=$DIR/wwsf/token.key
  PROVISIONING=$DIR/provisioning.json
  ISSUER=$WWSF_URL
  AUDIENCE=$DOMAIN
  CLIENT_ID=wwsf-lab
  [[ -z ${OPENID:-} ]] || openid_parameters "$offset"
  scenario_parameters
  media_parameters "$offset"
}

# Reachable from other machines: passwords that nobody can read in this file.
password() { # user
  if [[ -z ${DEMO_HOST:-} ]]; then
    echo "$1-secret"
  else
    openssl rand -hex 5
  fi
}

write_env() {
  local user
  {
    for name in DOMAIN MW MW_ADDRESS WSS_URL WWSF_URL WSS_PORT WWSF_PORT TLS_CERT TLS_KEY TLS_CA PROVISIONING \
      TOKEN_KEY ISSUER AUDIENCE CLIENT_ID SCENARIO; do
      echo "$name=${!name}"
    done
    [[ -z ${OPENID:-} ]] || openid_env
    media_env
    echo "TOKEN_KID=$TOKEN_KID"
    echo "ORIGIN=$WWSF_URL"
    echo "CORE_DIR=${CORE_DIR:-}"
    echo "EPCSCF_DIR=$DIR/epcscf"
    echo "EPCSCF_LOG=$DIR/epcscf/epcscf.log"
    echo "EPCSCF_CTL=unix:$DIR/epcscf/run/ctl"
    echo "WWSF_LOG=$DIR/wwsf/wwsf.log"
    for user in "${USERS[@]}"; do
      echo "${user^^}_PASSWORD=${PASSWORDS[$user]}"
      echo "${user^^}_IDENTITY=${IDENTITIES[$user]}"
    done
  } >"$DIR/env"
}

# --- parts ----------------------------------------------------------------

start_core() {
  if [[ -n ${MW:-} ]]; then
    return
  fi
  CORE_DIR=$DIR/core
  DOMAIN=$DOMAIN EPCSCF_ADDRS=${MW_ADDRESS%:*} "$HERE/core/core.sh" start "$CORE_DIR"
  MW=$(sed -n 's/^ICSCF=//p' "$CORE_DIR/env")
}

fetch() { # url file
  curl -sSf --noproxy '*' --cacert "$TLS_CA" --connect-to "::${LISTEN/#0.0.0.0/127.0.0.1}:" "$1" -o "$2" \
    2>>"$DIR/wwsf/curl.log"
}

make_users() {
  local user
  local pairs=()
  for user in "${USERS[@]}"; do
    PASSWORDS[$user]=$(password "$user")
    pairs+=("$user=${IDENTITIES[$user]}:${PASSWORDS[$user]}")
  done
  mkdir -p "$DIR/wwsf"
  node "$HERE/wwsf/server/make-users.mjs" "$DOMAIN" "${pairs[@]}" >"$DIR/wwsf/users.json"
}

start_wwsf() {
  local keys=$WWSF_URL/.well-known/jwks.json
  local tokens=(TOKEN_KEY="$TOKEN_KEY" ISSUER="$ISSUER" AUDIENCE="$AUDIENCE" USERS_FILE="$DIR/wwsf/users.json")
  if [[ -n ${OPENID:-} ]]; then
    start_openid
    keys=$OPENID_URL/jwks
    tokens=(OPENID_ISSUER="$OPENID_URL" OPENID_RESOURCE="$OPENID_RESOURCE")
  fi
  node "$HERE/wwsf/build.mjs" "$DIR/wwsf/vendor"
  # The second address of the page is the WWSF's own port, relayed: see README.md, "Certificates".
  HOST=$LISTEN PORT=$WWSF_PORT ORIGIN=$WWSF_URL TLS_CERT=$TLS_CERT TLS_KEY=$TLS_KEY TLS_CA=$TLS_CA \
    CLIENT_ID=$CLIENT_ID DOMAIN=$DOMAIN VENDOR_DIR=$DIR/wwsf/vendor \
    WSS_URL="$WSS_URL wss://$PUBLIC_HOST:$WWSF_PORT/sip" \
    WSS_RELAY="${LISTEN/#0.0.0.0/127.0.0.1}:$WSS_PORT" \
    spawn "$DIR/wwsf/wwsf.pid" "$DIR/wwsf/wwsf.log" env "${tokens[@]}" node "$HERE/wwsf/server/main.mjs"
  await_ready "$DIR/wwsf/wwsf.pid" "$DIR/wwsf/wwsf.log" fetch "$WWSF_URL/" "$DIR/wwsf/page.html"
  fetch "$keys" "$DIR/wwsf/jwks.json"
  TOKEN_KID=$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' "$DIR/wwsf/jwks.json")
}

own_tokens() {
  cat <<-END
	      "algorithms": ["ES256"],
	      "keys": {"jwks_file": "$DIR/wwsf/jwks.json"},
	END
}

# What the operator of the eP-CSCF knows about the WWSF: docs/provisioning.md.
write_provisioning() {
  cat >"$PROVISIONING" <<-END
	{
	  "version": 1,
	  "wwsf": [
	    {
	      "name": "lab",
	      "scenario": $(scenario_provisioned),
	      "domain": "$DOMAIN",
	      "origins": ["$WWSF_URL"],
	      "issuer": "$ISSUER",
	      "audience": "$AUDIENCE",
$(if [[ -n ${OPENID:-} ]]; then openid_tokens; else own_tokens; fi)
$(scenario_identities)
	      "authz_server": "$ISSUER/"
	    }
	  ]
	}
	END
}

# --- all ------------------------------------------------------------------

stop_parts() {
  stop_phone
  stop_epcscf "$DIR/epcscf"
  stop_media
  end_process "$DIR/wwsf/wwsf.pid"
  stop_openid
  [[ ! -d $DIR/core ]] || "$HERE/core/core.sh" stop "$DIR/core"
  rm -f "$DIR/env"
}

start() {
  [[ ! -e $DIR/env ]] || die "a lab is running in $DIR: stop it first"
  mkdir -p "$DIR"
  rm -rf "$DIR/core" "$DIR/epcscf" "$DIR/wwsf" "$DIR/openid" "$DIR/rtpengine" "$DIR/phone"
  set_parameters
  trap stop_parts EXIT
  declare -gA PASSWORDS=()
  "$HERE/certs.sh" "$DIR/tls" "${DEMO_HOST:-}"
  start_core
  make_users
  start_wwsf
  write_provisioning
  start_media
  start_epcscf "$DIR/epcscf"
  start_phone
  write_env
  trap - EXIT
}

part_status() { # name pidfile
  if alive "$2"; then
    echo "$1 up"
  else
    echo "$1 down"
    return 1
  fi
}

status() {
  local failed=0
  [[ -e $DIR/env ]] || die "no lab is running in $DIR"
  [[ ! -d $DIR/core ]] || "$HERE/core/core.sh" status "$DIR/core" || failed=1
  part_status eP-CSCF "$DIR/epcscf/run/epcscf.pid" || failed=1
  part_status WWSF "$DIR/wwsf/wwsf.pid" || failed=1
  [[ ! -d $DIR/rtpengine ]] || part_status rtpengine "$DIR/rtpengine/rtpengine.pid" || failed=1
  [[ ! -d $DIR/phone ]] || part_status phone "$DIR/phone/phone.pid" || failed=1
  [[ ! -d $DIR/openid ]] || part_status 'OpenID provider' "$DIR/openid/provider.pid" || failed=1
  return $failed
}

[[ $# -eq 2 ]] || usage
DIR=$(realpath -m "$2")
case $1 in
  start) start ;;
  stop) stop_parts ;;
  status) status ;;
  *) usage ;;
esac
