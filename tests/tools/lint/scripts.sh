#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The shell through shellcheck, a parse for Python, JavaScript, JSON and XML.
set -euo pipefail
. tests/tools/lint/files.sh

status=0
{
  our_files '*.sh' .ci/run
  our_files ':!*.*' | found xargs -r grep -lE '^#!.*\b(ba)?sh\b'
} | sort -u | xargs -r -n 12 -P "$(nproc)" shellcheck || status=1
our_files '*.py' '*.json' '*.xml' | python3 tests/tools/lint/parse.py || status=1
while read -r file; do
  node --check "$file" || status=1
done < <(our_files '*.mjs' '*.js')
exit "$status"
