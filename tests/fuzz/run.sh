#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh SECONDS NAME...: fuzzes each target from its saved corpus, two at a
# time. Exit status 1 when one of them found a fault; the input is then in
# build/fuzz/fault/.
set -euo pipefail

seconds=$1
shift
mkdir -p build/fuzz/fault

# fuzz_one NAME: one line, and what libFuzzer said of a fault
fuzz_one() {
  local name=$1 found=build/fuzz/corpus/$1 saved=tests/fuzz/corpus/$1 log=build/fuzz/$1.log
  mkdir -p "$found" "$saved"
  if "build/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=9000 -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="build/fuzz/fault/$name-" \
    "$found" "$saved" >"$log" 2>&1; then
    printf 'ok   fuzz %-14s %s runs\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    return 0
  fi
  printf 'FAIL fuzz %s\n%s\n' "$name" "$(tail -n 40 "$log")"
  return 1
}

export -f fuzz_one
export seconds
# shellcheck disable=SC2016 # it is expanded there
printf '%s\0' "$@" | xargs -0 -n 1 -P 2 bash -c 'fuzz_one "$1"' fuzz_one
