#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The routing script, as kamailio -c reads it with the module that was built.
set -euo pipefail

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
