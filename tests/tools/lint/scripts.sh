#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The shell through shellcheck, a parse for Python, JavaScript, JSON and XML.
#
# A case is looked at by itself: with the library that it sources, a hundred cases take a minute
# and a half. What its variables are then is not known, nor that set -e is on; set -u is, too.
set -euo pipefail
. tests/tools/lint/files.sh

cases=tests/integration/cases
status=0
# several PROGRAM [ARGUMENT...]: of the files, a few at a time
several() {
  xargs -r -n 12 -P "$(nproc)" "$@"
}

{
  our_files '*.sh' .ci/run ":!$cases"
  our_files ':!*.*' | found xargs -r grep -lE '^#!.*\b(ba)?sh\b'
} | sort -u | several shellcheck || status=1
our_files "$cases/*.sh" | several shellcheck --norc -e SC1091,SC2034,SC2154,SC2164 || status=1
our_files '*.py' '*.json' '*.xml' | python3 tests/tools/lint/parse.py || status=1
while read -r file; do
  node --check "$file" || status=1
done < <(our_files '*.mjs' '*.js')
exit "$status"
