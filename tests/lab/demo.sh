#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: demo.sh DIR     runs the lab in the foreground until Ctrl-C, and says where to sign in.
# CHECK=1: instead runs the headless browser check and ends; screenshots, console logs and the ladder of SIP
# messages stay in DIR. Other settings: lab.sh, such as SCENARIO=range.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DIR=$(realpath -m "${1:?usage: demo.sh DIR}")
LAB=$DIR/lab
readonly POLL_SECONDS=2

clean_up() {
  trap - EXIT INT TERM
  echo "stopping"
  "$HERE/lab.sh" stop "$LAB"
}

ladder() {
  local logs=("$EPCSCF_LOG")
  local names=(--name "$MW_ADDRESS=eP-CSCF" --name "$MW=I-CSCF" --port "$WSS_PORT=eP-CSCF")
  if [[ -n $CORE_DIR ]]; then
    logs+=("$CORE_DIR/log/icscf.log" "$CORE_DIR/log/scscf.log")
    names+=(--name "$(sed -n 's/^SCSCF=//p' "$CORE_DIR/env")=S-CSCF")
  fi
  cat "${logs[@]}" | python3 "$HERE/ladder.py" "${names[@]}" >"$DIR/ladder.txt"
}

check() {
  local status=0 steps=check
  [[ $SCENARIO != allocate ]] || steps=allocate # nobody can say beforehand who is called what
  WWSF_URL=$WWSF_URL TLS_CERT=$TLS_CERT OUT_DIR=$DIR ALICE_PASSWORD=$ALICE_PASSWORD BOB_PASSWORD=$BOB_PASSWORD \
    BOB_IDENTITY=$BOB_IDENTITY DOMAIN=$DOMAIN node "$HERE/browser/$steps.mjs" || status=$?
  if [[ -n ${ECHO_IDENTITY:-} ]]; then
    WWSF_URL=$WWSF_URL TLS_CERT=$TLS_CERT OUT_DIR=$DIR ALICE_PASSWORD=$ALICE_PASSWORD PHONE=$ECHO_IDENTITY \
      node "$HERE/browser/media.mjs" calls || status=$?
  fi
  ladder
  echo "screenshots, console logs and ladder.txt are in $DIR"
  return $status
}

say_where() {
  local call="$ALICE_IDENTITY or $BOB_IDENTITY"
  [[ $SCENARIO != allocate ]] || call='what each page shows as its IMPU'
  cat <<-END

	Open   $WWSF_URL/
	Users  alice / $ALICE_PASSWORD   and   bob / $BOB_PASSWORD   (two browsers, or a private window)
	Call   $call${ECHO_IDENTITY:+; $ECHO_IDENTITY is a plain SIP phone that sends back what it hears}
	The browser warns once about the lab's certificate. To avoid that, import $TLS_CA
	Ctrl-C ends all of it.

	END
}

# In the background because a trap waits for a foreground command to end.
watch() {
  while "$HERE/lab.sh" status "$LAB" >/dev/null; do
    sleep "$POLL_SECONDS" &
    wait $!
  done
  echo "a part of the lab has ended:" >&2
  "$HERE/lab.sh" status "$LAB" >&2 || return 1
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$DIR"
rm -f "$DIR"/*.png "$DIR"/console-*.log "$DIR/ladder.txt"
LADDER=1 "$HERE/lab.sh" start "$LAB"
# shellcheck source=/dev/null
. "$LAB/env"
if [[ -n ${CHECK:-} ]]; then
  check
else
  say_where
  watch
fi
