# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Users of the soak, as wims-load reads them, with tokens minted beforehand. They and the key
# are kept in SOAK_DIR/tokens, and used again while they are long enough valid.
#   mixed   2 x WICS, every second one in a range, the others by scenario 2
#   hour    as many, with 5 tokens each
#   web     WICS by scenario 2
#   range   WICS in the range
#   fresh   WICS in the range, each with a token for each of its REGISTERs
#   plain   2 x WICS without tokens, for a stock registrar

TOKENS=$SOAK_DIR/tokens
RANGE='sip:range-!.*!@ims.test'
LIFE=86000 # s of a token; max_lifetime is 86400
# s that tokens have to last: the hour, and what is before and behind it
LIFE_LEFT=$((${SOAK_MINUTES%.*} * 60 + 7200))
((LIFE_LEFT <= LIFE - 600)) || fail "SOAK_MINUTES=$SOAK_MINUTES: tokens last a day, so it is at most $(((LIFE - 7800) / 60))"

# soak_provisioning [NAME=JSON...]: the two WWSFs, whose tokens the same key signs; further
# members of both
soak_provisioning() {
  # shellcheck disable=SC2034 # add_wwsf reads it
  WWSFS=()
  local keys origin scenario more=("$@")
  mkdir -p "$TOKENS" "$RUN_DIR/wwsf"
  [[ -s $TOKENS/key.pem ]] ||
    "$WIMS" key generate --alg RS256 --kid soak --out "$TOKENS/key.pem" --jwks-out "$TOKENS/key.jwks"
  keys="keys={\"jwks\": $(cat "$TOKENS/key.jwks")}"
  for scenario in range web; do
    origin=https://$scenario.test
    set -- "name=\"$scenario\"" 'domain="ims.test"' "origins=[\"$origin\"]" "issuer=\"$origin\"" 'audience="ims.test"' \
      'algorithms=["RS256"]' "$keys" "authz_server=\"$origin/token\"" "impis=[\"$scenario-*@ims.test\"]" \
      "${more[@]}"
    if [[ $scenario == range ]]; then
      add_wwsf "$@" 'scenario="range"' "ranges=[{\"range\": \"$RANGE\", \"impi\": \"range@ims.test\", \"register\": \"start\"}]"
    else
      add_wwsf "$@" 'scenario="web-auth"' 'impus=["sip:web-*@ims.test"]'
    fi
  done
}

# names SCENARIO COUNT TOKENS_EACH [FIRST [STEP]]: a line for each token
names() {
  seq "${4:-1}" "${5:-1}" "$2" | awk -v s="$1" -v n="$3" '{ for (i = 0; i < n; i++) print s "-" $1 }'
}

# minted SCENARIO: user names on standard input, lines of wims-load's file on standard output
minted() {
  local lines
  mapfile -t lines
  printf '%s\n' "${lines[@]}" | "$WIMS" token mint --each --key "$TOKENS/key.pem" --kid soak --iss "https://$1.test" --aud ims.test --sub '{line}' \
    --client-id "$1" --jti '{line}-{n}' --impi '{line}@ims.test' --impu 'sip:{line}@ims.test' \
    --scope webrtc-ims-client-access-to-ims --exp-in "$LIFE" |
    paste <(printf '%s\n' "${lines[@]}") - | awk -v origin="https://$1.test" -v OFS='\t' '{ print "sip:" $1 "@ims.test", $2, origin }'
}

# all_minted SCENARIO COUNT TOKENS_EACH: the same, by all processors
all_minted() {
  local i parts step pids=()
  parts=$(nproc)
  step=$(($2 / parts + 1))
  for ((i = 0; i < parts; i++)); do
    names "$1" "$(((i + 1) * step < $2 ? (i + 1) * step : $2))" "$3" $((i * step + 1)) | minted "$1" >"$TOKENS/$1.$i" &
    pids+=($!)
  done
  wait "${pids[@]}"
  for ((i = 0; i < parts; i++)); do
    cat "$TOKENS/$1.$i"
    rm "$TOKENS/$1.$i"
  done
}

# make_users NAME
make_users() {
  case $1 in
    mixed) paste -d '\n' <(all_minted range "$WICS" 1) <(all_minted web "$WICS" 1) ;;
    hour) # tokens of a WIC stay together
      paste -d '\n' <(all_minted range "$WICS" 5 | paste -d '\r' - - - - -) <(all_minted web "$WICS" 5 | paste -d '\r' - - - - -) |
        tr '\r' '\n'
      ;;
    web | range) all_minted "$1" "$WICS" 1 ;;
    fresh) all_minted range "$WICS" "$FRESH_EACH" ;;
    plain) seq $((2 * WICS)) | awk -v OFS='\t' '{ print "sip:plain-" $1 "@ims.test", "-" }' ;;
  esac
}

# need_users NAME...: SOAK_DIR/tokens/NAME.users
need_users() {
  local name made
  for name in "$@"; do
    made=$TOKENS/$name.made
    if [[ ! -s $made ]] || [[ $(cut -d ' ' -f 1,2 "$made") != "$WICS $FRESH_EACH" ]] ||
      (($(cut -d ' ' -f 3 "$made") < $(date +%s) + LIFE_LEFT)); then
      note "minting tokens: $name"
      rm -f "$made"
      make_users "$name" >"$TOKENS/$name.users"
      echo "$WICS $FRESH_EACH $(($(date +%s) + LIFE - 600))" >"$made"
    fi
  done
}
