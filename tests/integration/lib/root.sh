# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced before lib.sh by a case that makes network namespaces: who is not root
# goes on as the root of namespaces of his own.

if [[ $EUID -ne 0 ]]; then
  # In there everybody is 0, out here the directory of 0 is root's.
  export OWN_NAMESPACES=yes PORT_LOCKS=${TMPDIR:-/tmp}/webrtc_ims-ports.$UID
  exec unshare --user --map-root-user --net --mount bash "$0" "$@"
fi
# Names of network namespaces are kept there.
[[ ${OWN_NAMESPACES:-} != yes ]] || mount -t tmpfs none /run
