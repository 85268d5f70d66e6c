# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A WWSF without a web site: its key, what the eP-CSCF is told of it, tokens.

WIMS=$TOP/build/bin/wims
WWSF_ORIGIN=https://wwsf.test

# make_wwsf [NAME=JSON...]: sets PROVISIONING, a file for start_epcscf; each
# argument replaces or adds a member of the one WWSF in it
make_wwsf() {
  local dir=$RUN_DIR/wwsf member
  local -A members=(
    [name]='"shop"' [scenario]='"web-auth"' [domain]='"ims.test"' [origins]="[\"$WWSF_ORIGIN\"]"
    [issuer]="\"$WWSF_ORIGIN\"" [audience]='"ims.test"' [algorithms]='["ES256"]'
    [keys]='{"jwks_file": "jwks.json"}' [authz_server]="\"$WWSF_ORIGIN/token\""
    [impus]='["sip:*@ims.test"]' [impis]='["*@ims.test"]'
  )
  for member in "$@"; do
    members[${member%%=*}]=${member#*=}
  done
  mkdir -p "$dir"
  [[ -s $dir/key.pem ]] ||
    "$WIMS" key generate --alg ES256 --kid k1 --out "$dir/key.pem" --jwks-out "$dir/jwks.json"
  PROVISIONING=$dir/provisioning.json
  {
    printf '{"version": 1, "wwsf": [{'
    for member in "${!members[@]}"; do
      printf '"%s": %s, ' "$member" "${members[$member]}"
    done | sed 's/, $//'
    printf '}]}\n'
  } >"$PROVISIONING"
}

# mint USER [OPTION...]: a token of that WWSF for USER@ims.test, on standard
# output; options of "wims token mint" replace what it says
mint() {
  local user=$1
  shift
  "$WIMS" token mint --key "$RUN_DIR/wwsf/key.pem" --kid k1 --iss "$WWSF_ORIGIN" --aud ims.test \
    --sub "$user" --client-id shop --jti "$user-$RANDOM-$RANDOM" --impi "$user@ims.test" \
    --impu "sip:$user@ims.test" --scope webrtc-ims-client-access-to-ims --exp-in 600 "$@"
}
