#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lint.sh [NAME...]: every program in tests/tools/lint/, or the named ones.
# Each prints what it objects to, one line a finding, and then fails.
set -euo pipefail

cd "$(dirname "$0")/../.."
names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
  names=(format size layers calls scripts words links docs scaling config)
fi

failed=0
for name in "${names[@]}"; do
  if findings=$("tests/tools/lint/$name.sh" 2>&1); then
    printf 'ok   %s\n' "$name"
  else
    printf 'FAIL %s\n%s\n' "$name" "$findings"
    failed=1
  fi
done
exit "$failed"
