#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kamdefs.sh [KAMAILIO]: the -D flags that a module must be compiled with to be
# accepted by this Kamailio, one a line, as a compiler's response file (@file).
# They are derived from "kamailio -V": at load time Kamailio compares the
# version and flag strings that these flags produce with its own.
set -euo pipefail

kamailio=${1:-/usr/sbin/kamailio}

die() {
  echo "kamdefs.sh: $*" >&2
  exit 1
}

say=$("$kamailio" -V 2>/dev/null) ||
  die "cannot run '$kamailio -V': make deps installs Kamailio, KAMAILIO= names another binary"

# version: kamailio 5.6.3 (x86_64/linux)
if ! [[ $say =~ version:\ ([^ ]+)\ ([^ ]+)\ \(([^/]+)/([^\)]+)\) ]]; then
  die "no version line in the output of '$kamailio -V'"
fi
name=${BASH_REMATCH[1]} version=${BASH_REMATCH[2]}
arch=${BASH_REMATCH[3]} os=${BASH_REMATCH[4]}
[[ $version =~ ^([0-9]+)\.([0-9]+)\.([0-9]+) ]] || die "unknown version form '$version'"
versionval=$((10#${BASH_REMATCH[1]} * 1000000 + 10#${BASH_REMATCH[2]} * 1000 + 10#${BASH_REMATCH[3]}))

[[ $say =~ flags:\ ([^$'\n']+) ]] || die "no flags line in the output of '$kamailio -V'"
flags=${BASH_REMATCH[1]//,/}
loops=1024
if [[ $say =~ ADAPTIVE_WAIT_LOOPS\ ([0-9]+) ]]; then
  loops=${BASH_REMATCH[1]}
fi

define() {
  printf -- '-D%s\n' "$@"
}

define "NAME=\\\"$name\\\"" "VERSION=\\\"$version\\\"" "VERSIONVAL=$versionval" \
  "ARCH=\\\"$arch\\\"" "OS=\\\"$os\\\"" "OS_QUOTED=\\\"$os\\\"" 'COMPILER=\"cc\"' \
  "__CPU_$arch" "__OS_${os,,}"

for flag in $flags; do
  case $flag in
    FAST_LOCK-ADAPTIVE_WAIT) define FAST_LOCK ADAPTIVE_WAIT "ADAPTIVE_WAIT_LOOPS=$loops" ;;
    FAST_LOCK-BUSY_WAIT) define FAST_LOCK BUSY_WAIT ;;
    TLS_PTHREAD_MUTEX_SHARED) define KSR_PTHREAD_MUTEX_SHARED ;;
    DBG_QM_MALLOC | DBG_F_MALLOC | DBG_TLSF_MALLOC) ;; # DBG_SR_MEMORY implies them
    *) define "$flag" ;;
  esac
done

# Not in the flags line, and the same in every Linux build with gcc. Without
# CC_GCC_LIKE_ASM the flag strings differ (no futex), so a mistake here is
# found when the module is loaded.
define CC_GCC_LIKE_ASM STATISTICS USE_CORE_STATS MALLOC_STATS WITH_XAVP \
  HAVE_GETHOSTBYNAME2 HAVE_UNION_SEMUN HAVE_SCHED_YIELD HAVE_MSG_NOSIGNAL \
  HAVE_MSGHDR_MSG_CONTROL HAVE_ALLOCA_H HAVE_TIMEGM HAVE_SCHED_SETSCHEDULER \
  HAVE_IP_MREQN HAVE_EPOLL HAVE_SIGIO_RT HAVE_SELECT
