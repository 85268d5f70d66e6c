#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Small enough to be read: a file up to 500 lines, a function up to 60, in
# tests up to 150. There is no list of exceptions.
set -euo pipefail
. tests/tools/lint/files.sh

file_max=500
function_max=60
test_function_max=150

long_files() {
  our_files '*.c' '*.h' '*.sh' '*.py' '*.js' '*.mjs' '*.cfg' '*.css' '*.mk' Makefile |
    xargs -r wc -l |
    awk -v max="$file_max" '$1 > max && $2 != "total" { printf "%s has %d lines, %d are allowed\n", $2, $1, max }'
}

# name, file, kind;" then the extension fields line:N and end:N
long_functions() {
  our_files '*.c' '*.h' '*.py' '*.js' '*.mjs' |
    ctags -L - -f - --sort=no --excmd=number --fields=+Kne \
      --kinds-C=f --kinds-Python=fm --kinds-JavaScript=fm |
    awk -F '\t' -v src="$function_max" -v test="$test_function_max" '{
      max = ($2 ~ /^tests\//) ? test : src; first = last = 0
      for (i = 4; i <= NF; i++) {
        if ($i ~ /^line:/) first = substr($i, 6)
        if ($i ~ /^end:/) last = substr($i, 5)
      }
      n = last - first + 1
      if (last > 0 && n > max)
        printf "%s:%d: %s has %d lines, %d are allowed\n", $2, first, $1, n, max
    }'
}

{
  long_files
  long_functions
} | refuse 'too long'
