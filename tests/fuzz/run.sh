#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh SECONDS NAME...: fuzzes each target from its saved corpus. Exit status
# 1 when one of them found a fault; the input is then in build/fuzz/fault/.
set -euo pipefail

seconds=$1
shift
failed=0
mkdir -p build/fuzz/fault

for name in "$@"; do
  found=build/fuzz/corpus/$name
  saved=tests/fuzz/corpus/$name
  log=build/fuzz/$name.log
  mkdir -p "$found" "$saved"
  if "build/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=9000 -timeout=5 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="build/fuzz/fault/$name-" \
    "$found" "$saved" >"$log" 2>&1; then
    printf 'ok   fuzz %-12s %s runs\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    printf 'FAIL fuzz %s\n' "$name"
    tail -n 40 "$log"
    failed=$((failed + 1))
  fi
done

if [ "$failed" -gt 0 ]; then
  exit 1
fi
