#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# As a user has them: wims and kamailio with the module installed, one eP-CSCF.
commands() {
  local modules
  modules=$(dirname "$(dpkg -L kamailio | grep '/modules/tm\.so$')")
  mkdir -p "$RUN_DIR/bin"
  ln -s "$TOP/build/bin/wims" "$RUN_DIR/bin/wims"
  # kamcmd ends with status 0 also when the command failed.
  printf '#!/bin/bash\nset -o pipefail\n%s -s unix:%s "$@" 2>&1 | awk %s\n' "$(command -v kamcmd)" \
    "$RUN_DIR/run/edge.ctl" "'{ print } /^error:/ { bad = 1 } END { exit bad }'" >"$RUN_DIR/bin/kamcmd"
  printf '#!/bin/sh\nexec %s -L %s "$@"\n' "$(command -v kamailio)" "$TOP/build:$modules" \
    >"$RUN_DIR/bin/kamailio"
  chmod +x "$RUN_DIR/bin/"*
}

# A directory like the repository; what is written lands beside the links.
work() {
  rm -rf "$RUN_DIR/work"
  mkdir "$RUN_DIR/work"
  ln -s "$TOP"/* "$RUN_DIR/work/"
  cd "$RUN_DIR/work"
}

# run DOCUMENT: its tested commands; how many there were counts
run() {
  local script
  work
  script=$(python3 "$CASE_DIR/blocks.py" "$TOP/$1" "$TOP")
  [[ -n $script ]] || return 0
  note "$1"
  PATH=$RUN_DIR/bin:$PATH bash -euo pipefail -c "$script" || fail "a command of $1 failed"
  documents=$((documents + 1))
}

make_range_wwsf '[{"range": "sip:shop-!.*!@ims.test", "impi": "shop@ims.test"}]' 'name="shop"'
start_epcscf edge "PROVISIONING=$PROVISIONING"
commands
documents=0
for document in $(cd "$TOP" && git ls-files '*.md' ':!tests'); do
  run "$document"
done
[[ $documents -ge 4 ]] || fail "only $documents documents have tested commands"

note 'a command that fails is seen'
must_fail "$RUN_DIR/bin/kamcmd" webrtc_ims.close 99999
# shellcheck disable=SC2016 # the fences of Markdown
printf '<!-- tested -->\n```sh\nfalse\ntrue\n```\n' >"$RUN_DIR/bad.md"
must_fail bash -euo pipefail -c "$(python3 "$CASE_DIR/blocks.py" "$RUN_DIR/bad.md" "$TOP")"
printf '<!-- tested -->\nno block\n' >"$RUN_DIR/bad.md"
must_fail python3 "$CASE_DIR/blocks.py" "$RUN_DIR/bad.md" "$TOP"
