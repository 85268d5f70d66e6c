#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh [NAME...]: "make test". Checks (targets of the Makefile) and the cases of
# tests/integration/cases, JOBS (two more than the cores) at a time. The first check is over before
# anything else begins, for it builds what all need; the others take what the cases leave of the
# processors. A NAME is a check, a case or a pattern of them. Everything printed is kept in build/test/; the
# last line is "N passed, N failed".
#
# When everything is run, a few cases that failed beside another are run once
# more, alone: they time real servers on machines that others use as well. One
# that passes then is reported as unsteady, and its first log is kept; it is a
# defect to be mended all the same.
#
# A case.sh may say on lines of their own
#   # timeout: SECONDS   instead of 240, most of it for a slow machine
#   # long               begins before the others, so that nobody waits for it in the end
#   # timed              beside one other at most: it measures time
#   # alone              not beside another: it takes all that the machine has
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cases_dir=${CASES_DIR:-$top/tests/integration/cases}
out=${OUT_DIR:-$top/build/test}
# A case mostly waits for timers, so that two more than the cores cost nothing.
jobs=${JOBS:-$(($(nproc) + 2))}
second_max=6 # more failures than that are no accident
checks=(lint check-unit-asan check-fuzz-replay check-fuzz check-hostile check-cli
  check-glue check-tools check-wwsf)
if [[ -n ${CHECKS+set} ]]; then
  read -ra checks <<<"$CHECKS"
fi

# --- what to run ---------------------------------------------------------

selected() {
  local pattern
  [[ ${#patterns[@]} -gt 0 ]] || return 0
  for pattern in "${patterns[@]}"; do
    # shellcheck disable=SC2053 # a pattern, on purpose
    [[ $1 == $pattern || $1 == [0-9][0-9]-$pattern ]] && return 0
  done
  return 1
}

case_names() {
  local dir
  for dir in "$cases_dir"/*/; do
    [[ -d $dir ]] && basename "$dir"
  done
}

# header KEY FILE: the value of a "# KEY: value" line of a case
header() {
  sed -n "s/^# $1: *//p" "$2" | head -n 1
}

# --- running one ---------------------------------------------------------

now() {
  date +%s%N
}

# record NAME STATUS START: a line of results, and of the screen
record() {
  local ms=$((($(now) - $3) / 1000000)) word=ok
  [[ $2 -eq 0 ]] || word=FAIL
  printf '%s\t%s\t%s\n' "$word" "$ms" "$1" >>"$out/results"
  printf '%-5s %6d.%d s  %s\n' "$word" $((ms / 1000)) $((ms % 1000 / 100)) "$1"
}

run_check() {
  local name=$1 start status=0
  start=$(now)
  # A time limit for the check as a whole; its own parts have theirs.
  "${behind[@]}" timeout -k 10 "${CHECK_SECONDS:-600}" "${MAKE:-make}" -C "$top" --no-print-directory -j "$(nproc)" "$name" \
    >"$out/$name.log" 2>&1 </dev/null || status=$?
  record "$name" "$status" "$start"
  [[ $status -eq 0 ]] || show_log "$name" "$status"
}

# Processes that the case recorded and that are still there.
left_behind() {
  local pid name
  [[ -f $1/pids ]] || return 0
  while read -r pid name; do
    kill -0 -- "-$pid" 2>/dev/null && echo "$name ($pid)"
  done <"$1/pids"
  return 0
}

run_case() {
  local name=$1 start status=0 dir seconds left
  start=$(now)
  dir=$(mktemp -d)
  seconds=$(header timeout "$cases_dir/$name/case.sh")
  RUN_DIR=$dir timeout -k 30 "${seconds:-240}" bash "$cases_dir/$name/case.sh" \
    >"$out/$name.log" 2>&1 </dev/null || status=$?
  [[ $status -ne 124 ]] || echo "no end within ${seconds:-240} s" >>"$out/$name.log"
  left=$(left_behind "$dir")
  if [[ -n $left ]]; then
    echo "left behind: $left" >>"$out/$name.log"
    status=1
  fi
  record "$name" "$status" "$start"
  if [[ $status -ne 0 ]]; then
    cp -r "$dir/log" "$out/$name.files" 2>/dev/null || true
    show_log "$name" "$status"
  fi
  rm -rf "$dir"
}

# In one piece, so that parallel cases do not mix.
show_log() {
  local file text
  text=$(
    echo "----- $1: exit status $2, from ${out#"$top"/}/$1.log"
    tail -n 40 "$out/$1.log"
    for file in "$out/$1.files"/*.log; do
      [[ -s $file ]] || continue
      echo "----- $1: ${file##*/}"
      tail -n 15 "$file" | cut -c1-300
    done
    echo "-----"
  )
  printf '%s\n' "$text"
}

# --- running all ---------------------------------------------------------

has_target() {
  grep -q "^$1:" "$out/make-database"
}

# run_checks NAME...
run_checks() {
  local name
  for name in "$@"; do
    selected "$name" || continue
    if has_target "$name"; then
      run_check "$name"
    else
      # A check that vanished must not look like one that passed.
      echo "the Makefile has no target $name" >"$out/$name.log"
      record "$name" 1 "$(now)"
      show_log "$name" 1
    fi
  done
}

# run_beside N NAME...: so many of them at a time
run_beside() {
  local most=$1 name over
  local -A running=() # by process, so that the checks beside them do not count
  shift
  for name in "$@"; do
    if ((${#running[@]} >= most)); then
      wait -n -p over "${!running[@]}" || true
      unset "running[$over]"
    fi
    run_case "$name" &
    running[$!]=$name
  done
  ((${#running[@]} == 0)) || wait "${!running[@]}" || true
}

# run_cases CHECK...: and these checks meanwhile
run_cases() {
  local name long=() any=() timed=() alone=()
  for name in $(case_names); do
    selected "$name" || continue
    if [[ ! -f $cases_dir/$name/case.sh ]]; then
      skipped+=("$name: has no case.sh")
    elif grep -q '^# alone' "$cases_dir/$name/case.sh"; then
      alone+=("$name")
    elif grep -q '^# timed' "$cases_dir/$name/case.sh"; then
      timed+=("$name")
    elif grep -q '^# long' "$cases_dir/$name/case.sh"; then
      long+=("$name")
    else
      any+=("$name")
    fi
  done
  (
    behind=(nice -n 9)
    run_checks "$@"
  ) &
  beside=$!
  run_beside "$jobs" "${long[@]}" "${any[@]}"
  wait "$beside" || {
    echo "the checks ended with $?"
    exit 1
  }
  beside=
  run_beside $((jobs < 2 ? jobs : 2)) "${timed[@]}"
  run_beside 1 "${alone[@]}"
}

is_case() {
  [[ -f $cases_dir/$1/case.sh ]]
}

# The first attempt goes out of the results, and into the list of the unsteady
# ones when the second is good.
second_attempt() {
  local name failed=()
  mapfile -t failed < <(sed -n 's/^FAIL\t[0-9]*\t//p' "$out/results")
  ((${#failed[@]} <= second_max)) || return 0
  for name in "${failed[@]}"; do
    is_case "$name" || continue
    mv "$out/$name.log" "$out/$name.first.log"
    sed -i "/^FAIL\t[0-9]*\t$name\$/d" "$out/results"
    echo "once more, alone: $name"
    run_case "$name"
    if grep -q "^ok.*"$'\t'"$name\$" "$out/results"; then
      unsteady+=("$name")
    fi
  done
}

closing() {
  local passed failed
  passed=$(grep -c '^ok' "$out/results" || true)
  failed=$(grep -c '^FAIL' "$out/results" || true)
  echo "The slowest:"
  sort -t $'\t' -k 2,2nr "$out/results" | head -n 10 |
    awk -F '\t' '{ printf "%8.1f s  %s\n", $2 / 1000, $3 }'
  if [[ ${#skipped[@]} -gt 0 ]]; then
    printf 'skipped: %s\n' "${skipped[@]}"
  fi
  if [[ ${#unsteady[@]} -gt 0 ]]; then
    printf 'unsteady, good at the second attempt: %s\n' "${unsteady[@]}"
  fi
  if [[ $failed -gt 0 ]]; then
    sed -n 's/^FAIL\t[0-9]*\t/failed: /p' "$out/results"
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  # Nothing run at all is no success.
  [[ $failed -eq 0 && $passed -gt 0 ]]
}

patterns=("$@")
behind=()
beside= # the checks, while they run behind the cases
trap '[[ -z $beside ]] || kill "$beside"' EXIT
skipped=()
unsteady=()
rm -rf "$out"
mkdir -p "$out"
: >"$out/results"
"${MAKE:-make}" -C "$top" -pnq >"$out/make-database" 2>/dev/null || true
run_checks "${checks[@]:0:1}"
run_cases "${checks[@]:1}"
if [[ ${#patterns[@]} -eq 0 && $jobs -gt 1 ]]; then
  second_attempt
fi
closing
