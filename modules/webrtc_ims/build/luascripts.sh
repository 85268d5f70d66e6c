#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# luascripts.sh DIR: the scripts of the store as C, on standard output. In front of
# each stands what it shares with others; lines that are comments are left out.
set -euo pipefail

dir=$1

text() { # name: the whole script as Redis gets it
  local parts=("$dir/common.lua")
  case $1 in
    list | purge) parts+=("$dir/page.lua") ;;
  esac
  sed '/^--/d' "${parts[@]}" "$dir/$1.lua"
}

echo '#include "wr_scripts.h"'
for file in "$dir"/*.lua; do
  name=$(basename "$file" .lua)
  case $name in
    common | page) continue ;;
  esac
  read -r sha1 _ < <(text "$name" | sha1sum)
  printf '\nconst struct wr_script wr_script_%s = {\n{"%s", %d}, {"%s", 40}, {\n' \
    "$name" "$name" "${#name}" "$sha1"
  text "$name" | sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/'
  printf ', %d}};\n' "$(text "$name" | wc -c)"
done
