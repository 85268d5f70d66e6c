#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the unit test programs given as arguments. One line for each; the
# output of a program that failed in full. Exit status 1 when one failed.
set -euo pipefail

out=$(mktemp)
trap 'rm -f "$out"' EXIT
passed=0
failed=0

for program in "$@"; do
  if "$program" >"$out" 2>&1; then
    tests=$(grep -c '^\[       OK \]' "$out" || true)
    printf 'ok   %-20s %3d tests\n' "${program##*/test_}" "$tests"
    passed=$((passed + 1))
  else
    printf 'FAIL %s\n' "${program##*/test_}"
    cat "$out"
    failed=$((failed + 1))
  fi
done

printf 'unit programs: %d passed, %d failed\n' "$passed" "$failed"
if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then
  exit 1
fi
