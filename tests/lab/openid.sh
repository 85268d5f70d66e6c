# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab with an OpenID provider, for lab.sh to source: OPENID=jwt or opaque. The web site then knows no password and
# makes no token; both are the provider's, oidc/. All of it is under DIR/openid.

# What it sets is for lab.sh.
# shellcheck disable=SC2034
openid_parameters() { # offset
  [[ $OPENID =~ ^(jwt|opaque)$ ]] || die "OPENID is jwt or opaque, not '$OPENID'"
  OPENID_PORT=${LAB_OPENID_PORT:-$((9543 + $1))}
  OPENID_ADMIN_PORT=${LAB_OPENID_ADMIN_PORT:-$((9643 + $1))}
  OPENID_URL=https://$PUBLIC_HOST:$OPENID_PORT
  OPENID_ADMIN=http://127.0.0.1:$OPENID_ADMIN_PORT
  OPENID_RESOURCE=urn:ims:$OPENID
  OPENID_SECRET_FILE=$DIR/openid/introspection-secret
  ISSUER=$OPENID_URL
  CLIENT_ID=phone
  TOKEN_KEY=
}

openid_env() {
  local name
  for name in OPENID OPENID_URL OPENID_ADMIN OPENID_RESOURCE OPENID_SECRET_FILE; do
    echo "$name=${!name}"
  done
  echo "OPENID_LOG=$DIR/openid/provider.log"
}

start_openid() {
  mkdir -p "$DIR/openid"
  (umask 077 && openssl rand -hex 24 >"$OPENID_SECRET_FILE")
  HOST=$LISTEN PORT=$OPENID_PORT ADMIN_PORT=$OPENID_ADMIN_PORT ISSUER=$OPENID_URL TLS_CERT=$TLS_CERT TLS_KEY=$TLS_KEY \
    USERS_FILE=$DIR/wwsf/users.json SITE_ORIGINS=$WWSF_URL CLIENT_ID=$CLIENT_ID AUDIENCE=$AUDIENCE \
    INTROSPECTION_SECRET_FILE=$OPENID_SECRET_FILE \
    spawn "$DIR/openid/provider.pid" "$DIR/openid/provider.log" node "$HERE/oidc/server/main.mjs"
  await_ready "$DIR/openid/provider.pid" "$DIR/openid/provider.log" \
    fetch "$OPENID_URL/.well-known/openid-configuration" "$DIR/openid/configuration.json"
}

stop_openid() {
  end_process "$DIR/openid/provider.pid"
}

# How the eP-CSCF checks the provider's tokens: members of the WWSF in the provisioning file.
openid_tokens() {
  if [[ $OPENID == jwt ]]; then
    cat <<-END
	      "algorithms": ["ES256"],
	      "keys": {"jwks_uri": "$OPENID_URL/jwks", "ca_file": "$TLS_CA", "refresh_min": ${KEYS_REFRESH_MIN:-60}},
	      "require_at_jwt": true,
	      "wwsf_id": "$CLIENT_ID",
	END
  else
    cat <<-END
	      "introspection": {
	        "endpoint": "$OPENID_URL/token/introspection",
	        "client_id": "epcscf",
	        "client_secret_file": "$OPENID_SECRET_FILE",
	        "ca_file": "$TLS_CA",
	        "cache": ${INTROSPECTION_CACHE:-60}
	      },
	      "wwsf_id": "$CLIENT_ID",
	END
  fi
}
