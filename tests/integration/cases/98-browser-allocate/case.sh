#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

# What docs/integrators.md shows is what these pages run.
lines=$(sed -n 's/^ *\(const impu = .*\)/\1/p' "$TOP/docs/integrators.md")
expect_eq "$(wc -l <<<"$lines")" 2 'examples'
for library in jssip sipjs; do
  grep -qF "$lines" "$TOP/tests/lab/wwsf/wic/phone-$library.js" || fail "phone-$library.js is not as docs/integrators.md"
done

export SCENARIO=allocate
start_lab
browser allocate / /sipjs.html
browser allocate /sipjs.html /
[[ -s $OUT_DIR/alice-allocate-in-call.png ]] || fail 'no screenshot'
seen=$("$TOP/tests/lab/core/core.sh" said "$CORE_DIR" REGISTER to)
expect_eq "$seen" "sip:shop@$DOMAIN" 'what was registered in the core'
expect_eq "$("$TOP/tests/lab/core/core.sh" leaks "$CORE_DIR")" 0 'tokens in the core'
refuse_log "$EPCSCF_LOG" 'REGISTER refused|CRITICAL'
