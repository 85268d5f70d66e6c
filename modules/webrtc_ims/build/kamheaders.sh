#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kamheaders.sh [--check] KAMAILIO DIR: sees to it that DIR/src holds the
# headers of exactly the version of this Kamailio. Debian has no package of
# them, so they come from Debian's own source package of what is installed,
# through private apt lists: the system's apt configuration is read, never
# changed. --check fetches nothing: DIR is somebody's source tree.
set -euo pipefail

only_check=false
if [[ $1 == --check ]]; then
  only_check=true
  shift
fi
kamailio=$1 dir=$2

die() {
  printf 'kamheaders.sh: %s\n' "$@" >&2
  echo "  Unpack the source of Kamailio ${version:-of that version} yourself and say KAMAILIO_SRC=its-directory." >&2
  exit 1
}

# A version string can be faked with -D, the layout of a struct cannot.
header_version() {
  [[ -e $dir/src/Makefile.defs ]] || die "$dir/src/Makefile.defs is missing"
  sed -nE 's/^(VERSION|PATCHLEVEL|SUBLEVEL)[[:space:]]*=[[:space:]]*([0-9]+).*/\2/p' \
    "$dir/src/Makefile.defs" | paste -sd.
}

check() {
  [[ -e $dir/src/core/sr_module.h ]] || die "$dir/src/core/sr_module.h is missing"
  local have
  have=$(header_version)
  [[ $have == "$version" ]] || die "the headers in $dir are of Kamailio $have, $kamailio is $version"
}

# The configured sources, as sources of source packages, into $1/parts.
private_sources() {
  mkdir -p "$1/parts"
  local f n=0
  for f in /etc/apt/sources.list.d/*.sources; do
    [[ -e $f ]] || continue
    n=$((n + 1))
    sed -E 's/^Types:.*/Types: deb-src/' "$f" > "$1/parts/$n.sources"
  done
  for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -e $f ]] || continue
    n=$((n + 1))
    sed -nE '/cdrom:/d; s/^[[:space:]]*deb[[:space:]]+(.*)/deb-src \1/p' "$f" > "$1/parts/$n.list"
  done
}

private_apt() {
  local tool=$1
  shift
  "$tool" -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts" \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -q "$@"
}

# The revision that is installed, else any other of the same upstream version:
# mirrors keep the newest only, and the revision does not touch the headers.
source_version() {
  private_apt apt-cache showsrc "$package" 2>>"$work/log" | sed -n 's/^Version: //p' | sort -u |
    awk -v want="$revision" -v up="$version" \
      '$0 == want { exact = $0 } index($0, up "-") == 1 { other = $0 }
       END { print (exact != "" ? exact : other) }'
}

fetch() {
  revision=$(dpkg-query -W -f '${source:Version}' kamailio 2>/dev/null) ||
    die "$kamailio is not Debian's, so its headers cannot be fetched"
  package=$(dpkg-query -W -f '${source:Package}' kamailio)
  mkdir -p "$work/lists/partial"
  private_sources "$work"
  echo "kamheaders.sh: fetching the headers of $package $revision"
  # One dead entry among the sources must not spoil the rest: what counts is
  # whether the source package is found.
  private_apt apt-get update >>"$work/log" 2>&1 || true
  local found
  found=$(source_version) || true
  [[ -n $found ]] || die "apt finds no source package $package $version" "$(tail -n 5 "$work/log")"
  # Signatures beside the tarball are missing on some mirrors: the tarball
  # itself is what is asked for, and apt keeps it only if its hash is right.
  (cd "$work" && private_apt apt-get source --download-only "$package=$found" >>log 2>&1) || true
}

unpack() {
  local orig=("$work"/*.orig.tar.*z*) debian=("$work"/*.debian.tar.*z*)
  [[ -e ${orig[0]} ]] || die "apt could not download the source of $version" "$(tail -n 5 "$work/log")"
  if [[ -e ${debian[0]} ]] && tar -xOf "${debian[0]}" debian/patches | grep -aqE '^\+\+\+ .*\.h$'; then
    die "Debian patches headers of $version, this script unpacks the pristine ones"
  fi
  mkdir "$work/tree"
  tar -xf "${orig[0]}" -C "$work/tree" --strip-components=1 --wildcards \
    '*/src/core/*.h' '*/src/lib/*.h' '*/src/modules/*.h' '*/src/Makefile.defs'
  rm -rf "$dir"
  mkdir -p "$(dirname "$dir")"
  mv "$work/tree" "$dir"
}

version=$("$kamailio" -V 2>/dev/null | sed -nE 's/^version: [^ ]+ ([0-9.]+).*/\1/p') || true
[[ -n $version ]] || die "cannot read the version of $kamailio"

if $only_check || { [[ -e $dir/src/Makefile.defs ]] && [[ $(header_version) == "$version" ]]; }; then
  check
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch
unpack
check
