#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# deps.sh [GOAL]: installs what tests/tools/packages.txt names and is missing,
# then the npm packages of each lock file. When all is there it does nothing
# and needs no network. As root, or through sudo.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
goal=${1:-}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "deps.sh: must be root, or have sudo, to run: $*" >&2
    return 1
  fi
}

wanted_packages() {
  local package word value
  while read -r package word value; do
    case $word in
      '') ;;
      unless) ! command -v "$value" >/dev/null || continue ;;
      for) [[ $value == "$goal" ]] || continue ;;
      *) echo "packages.txt: unknown word '$word'" >&2 && return 1 ;;
    esac
    echo "$package"
  done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$top/tests/tools/packages.txt")
}

missing_packages() {
  local package
  for package in $(wanted_packages); do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

# Debian starts a daemon when it installs one; these tests start their own, on
# their own ports. policy-rc.d is Debian's switch for that (invoke-rc.d(8)).
install_packages() (
  local policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
)

npm_packages() {
  local dir stamp
  while read -r dir; do
    stamp=$dir/node_modules/.installed-lock
    cmp -s "$dir/package-lock.json" "$stamp" && continue
    echo "deps.sh: npm ci in ${dir#"$top"/}"
    (cd "$dir" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
    mkdir -p "$dir/node_modules"
    cp "$dir/package-lock.json" "$stamp"
  done < <(find "$top/tests" -name node_modules -prune -o -name package-lock.json -printf '%h\n')
}

missing=$(missing_packages)
if [[ -n $missing ]]; then
  echo "deps.sh: installing ${missing//$'\n'/ }"
  # shellcheck disable=SC2086
  install_packages $missing
  if [[ $missing == *kamailio* && -d /run/systemd/system ]]; then
    echo "deps.sh: Debian's own kamailio.service was not started; after a reboot it is," \
      "unless you say: systemctl disable kamailio"
  fi
  if [[ $missing == *redis-se* && -d /run/systemd/system ]]; then
    echo "deps.sh: nor were redis-server and redis-sentinel: systemctl disable redis-server redis-sentinel"
  fi
fi
npm_packages
