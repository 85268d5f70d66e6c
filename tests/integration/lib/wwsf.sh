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
# shellcheck disable=SC2120 # most cases need no other WWSF
make_wwsf() {
  WWSFS=()
  wwsf_key k1 key jwks
  add_wwsf 'name="shop"' 'scenario="web-auth"' 'domain="ims.test"' "origins=[\"$WWSF_ORIGIN\"]" \
    "issuer=\"$WWSF_ORIGIN\"" 'audience="ims.test"' 'algorithms=["ES256"]' \
    'keys={"jwks_file": "jwks.json"}' "authz_server=\"$WWSF_ORIGIN/token\"" \
    'impus=["sip:*@ims.test"]' 'impis=["*@ims.test"]' "$@"
}

# make_range_wwsf RANGES [NAME=JSON...]: the same of a WWSF whose users are
# members of ranges; RANGES is the JSON array "ranges"
make_range_wwsf() {
  local ranges=$1
  shift
  make_wwsf 'scenario="range"' "ranges=$ranges" impus= "$@"
}

# add_wwsf NAME=JSON...: another WWSF in the same file, with no defaults; a
# NAME that comes twice counts with its last value, without a value it is left out
add_wwsf() {
  local member object
  local -A members=()
  for member in "$@"; do
    members[${member%%=*}]=${member#*=}
    [[ -n ${member#*=} ]] || unset "members[${member%=}]"
  done
  object=$(for member in "${!members[@]}"; do
    printf '"%s": %s, ' "$member" "${members[$member]}"
  done)
  WWSFS+=("{${object%, }}")
  PROVISIONING=$RUN_DIR/wwsf/provisioning.json
  (
    IFS=,
    printf '{"version": 1, "wwsf": [%s]}\n' "${WWSFS[*]}"
  ) >"$PROVISIONING"
}

WWSFS=()

# wwsf_key KID KEY JWKS [ALGORITHM]: a key pair in wwsf/KEY.pem and
# wwsf/JWKS.json, once
wwsf_key() {
  mkdir -p "$RUN_DIR/wwsf"
  [[ -s $RUN_DIR/wwsf/$2.pem ]] ||
    "$WIMS" key generate --alg "${4:-ES256}" --kid "$1" --out "$RUN_DIR/wwsf/$2.pem" \
      --jwks-out "$RUN_DIR/wwsf/$3.json"
}

# mint USER [OPTION...]: a token of that WWSF for USER@ims.test, on standard
# output; options of "wims token mint" replace what it says. It lives longer
# than the 600 s that a REGISTER wishes, which is granted to the second then.
mint() {
  local user=$1
  shift
  "$WIMS" token mint --key "$RUN_DIR/wwsf/key.pem" --kid k1 --iss "$WWSF_ORIGIN" --aud ims.test \
    --sub "$user" --client-id shop --jti "$user-$RANDOM-$RANDOM" --impi "$user@ims.test" \
    --impu "sip:$user@ims.test" --scope webrtc-ims-client-access-to-ims --exp-in 900 "$@"
}
