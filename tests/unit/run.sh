#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the unit test programs given as arguments, as many at a time as there
# are processors. One line for each; the output of a program that failed in
# full. Exit status 1 when one failed.
set -euo pipefail

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0

# run_one PROGRAM: what it says into a file, which ends in .ok when all is well
run_one() {
  local log=$out/${1##*/test_}
  if "$1" >"$log" 2>&1; then
    mv "$log" "$log.ok"
  fi
}

export -f run_one
export out
# shellcheck disable=SC2016 # it is expanded there
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c 'run_one "$1"' run_one

for program in "$@"; do
  name=${program##*/test_}
  if [[ -f $out/$name.ok ]]; then
    printf 'ok   %-20s %3d tests\n' "$name" "$(grep -c '^\[       OK \]' "$out/$name.ok" || true)"
    passed=$((passed + 1))
  else
    printf 'FAIL %s\n' "$name"
    cat "$out/$name"
    failed=$((failed + 1))
  fi
done

printf 'unit programs: %d passed, %d failed\n' "$passed" "$failed"
if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then
  exit 1
fi
