#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 3600
. "$(dirname "$0")/../../../integration/lib.sh"

[[ $(id -u) -eq 0 ]] || fail 'needs root'
root=$RUN_DIR/debian
goals=${GOALS:-demo test}

# The configured sources of Debian itself, one a line: URI suite component.
sources() {
  apt-get indextargets --format "\$(ORIGIN) \$(CODENAME) \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
    'Created-By: Packages' | awk '$1 == "Debian" && $2 ~ /^bookworm/ { print $3, $4, $5 }' | sort -u
}

# Only what was mounted here, and what ip-netns(8) mounts for itself; a mount that
# stays would let rm reach the host.
unmount() {
  local dir
  for dir in /run/netns /dev/pts /dev/shm /dev /proc ''; do
    ! mountpoint -q "$root$dir" || umount "$root$dir" || umount -l "$root$dir"
  done
  must_fail grep -qE " ${root}[/ ]" /proc/self/mounts
}

remove() {
  unmount && rm -rf --one-file-system "$root"
}

mount_all() {
  # ip-netns(8) wants / to be a mount.
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  local name
  for name in null zero full random urandom tty; do
    cp -a "/dev/$name" "$root/dev/$name"
  done
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
}

# How this machine reaches its packages: apt's sources, and whatever stands
# between it and them. Nothing of it is part of the repository.
copy_access() {
  cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
  sources | sed 's/^/deb /' >"$root/etc/apt/sources.list"
  local file
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if grep -qsi '^Acquire::.*Proxy' "$file"; then
      cp "$file" "$root/etc/apt/apt.conf.d/"
    fi
  done
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
  fi
  if command -v npm >/dev/null; then
    npm_registry=$(npm config get registry)
  fi
}

# Packages start services, tests start servers: none may outlive the commands.
processes_inside() {
  local link
  for link in /proc/[0-9]*/root; do
    if [[ $(readlink "$link") == "$root" ]]; then
      tr '\0' ' ' <"${link%root}cmdline"
    fi
  done
}

# inside COMMAND...: in the empty Debian, with an environment of its own
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8 \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
    ${npm_registry:+npm_config_registry="$npm_registry"} chroot "$root" "$@" </dev/null
}

note "an empty Debian 12"
at_exit remove
from=$(sources | awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
[[ -n $from ]] || fail 'no mirror of Debian 12 in the apt sources'
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$from" >"$RUN_DIR/log/debootstrap.log" 2>&1
mkdir -p "$root/usr/local/share/ca-certificates"
mount_all
copy_access
inside update-ca-certificates >"$RUN_DIR/log/ca.log" 2>&1

note "what README.md says to install first"
inside apt-get update -q >"$RUN_DIR/log/apt.log"
inside env DEBIAN_FRONTEND=noninteractive apt-get install -q -y make git >>"$RUN_DIR/log/apt.log" 2>&1

git clone -q --no-hardlinks "$TOP" "$root/srv/webrtc_ims"
for goal in $goals; do
  note "make $goal"
  setting=()
  # Another lab may run on this machine: the network is shared with it.
  [[ $goal != demo ]] || setting=(CHECK=1 "PORT_OFFSET=$((PORT_BASE - 15060))")
  inside make -C /srv/webrtc_ims "$goal" "${setting[@]}" >"$RUN_DIR/log/$goal.log" 2>&1 ||
    fail "make $goal fails on an empty Debian 12"
  expect_eq "$(processes_inside)" '' "what make $goal left running"
done
