# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the lint programs. They look at what is tracked and at what could
# be added, never at build output or installed packages.

# our_files PATTERN...: git pathspecs, e.g. '*.c'
our_files() {
  git ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
    while read -r file; do
      # A file that is deleted but still in the index is nobody's concern.
      [[ -f $file ]] && echo "$file"
    done
  return 0
}

# found COMMAND...: a grep, perhaps through xargs, for which nothing found is fine
found() {
  local status=0
  "$@" || status=$?
  [[ $status -eq 0 || $status -eq 1 || $status -eq 123 ]]
}

# refuse TEXT: fails when standard input, the findings, is not empty
refuse() {
  local line status=0
  while IFS= read -r line; do
    printf '%s: %s\n' "$1" "$line"
    status=1
  done
  return "$status"
}
