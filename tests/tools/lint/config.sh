#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Names of site values; and the routing script, as kamailio -c reads it with the module
# that was built.
set -euo pipefail

# substdef replaces a name in every string, also within a longer name: an own file that
# defines both in this order would define something else. LISTEN_WS: docs/configuration.md.
check_names() { # FILE
  local names name
  names=$(sed -n 's/^#!substdef "!\([A-Z0-9_]*\)!.*/\1/p' "$1")
  for name in $names; do
    if [[ $name != LISTEN_WS ]] && grep -v "^$name\$" <<<"$names" | grep -F "$name"; then
      echo "$1: $name is a part of another name"
      exit 1
    fi
  done
}

for site in kamailio-cfg/*site.cfg; do
  [[ ! -f $site ]] || check_names "$site"
done
[[ -f kamailio-cfg/kamailio.cfg && -f build/webrtc_ims.so ]] || exit 0
modules=$(dirname "$(dpkg -L kamailio | grep '/modules/tm\.so$')")
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# check_cfg FILE [OPTION...]
check_cfg() {
  if ! kamailio -c -L "$PWD/build:$modules" -f "$@" >"$log" 2>&1; then
    cat "$log"
    exit 1
  fi
  # Clean means that it has nothing to say, not only that it goes on.
  if grep -E '\b(WARNING|ERROR|CRITICAL)\b' "$log"; then
    exit 1
  fi
}

check_cfg kamailio-cfg/kamailio.cfg
if [[ -f kamailio-cfg/eicscf.cfg ]]; then
  check_cfg kamailio-cfg/eicscf.cfg
  check_cfg kamailio-cfg/eicscf.cfg -A WITH_ICSCF -A WITH_REJECT_WHEN_AWAY
fi
