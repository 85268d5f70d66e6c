#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make install": the module where this Kamailio looks for modules, the tool
# into PREFIX/bin (default /usr/local), the routing scripts and what belongs beside
# them, an example of the provisioning, settings for Redis, a DNS zone and the drawer of
# ladders, into PREFIX/share.
# DESTDIR is put in front of everything. It starts nothing and edits no
# configuration.
set -euo pipefail

top=$(cd "$(dirname "$0")/../../.." && pwd)
prefix=${PREFIX:-/usr/local}

# Where the modules of the installed package are.
module_dir() {
  dpkg -L kamailio 2>/dev/null | sed -n 's|/tm\.so$||p'
}

modules=${MODULE_DIR:-$(module_dir)}
if [[ -z $modules ]]; then
  echo "install.sh: Kamailio is not Debian's here: say MODULE_DIR=where-its-modules-are" >&2
  exit 1
fi

install -D -m 644 "$top/build/webrtc_ims.so" "${DESTDIR:-}$modules/webrtc_ims.so"
install -D -m 755 "$top/build/bin/wims" "${DESTDIR:-}$prefix/bin/wims"
install -d "${DESTDIR:-}$prefix/share/webrtc_ims/kamailio-cfg"
install -m 644 "$top"/kamailio-cfg/*.cfg "${DESTDIR:-}$prefix/share/webrtc_ims/kamailio-cfg/"
install -d "${DESTDIR:-}$prefix/share/webrtc_ims/examples"
install -m 644 "$top"/docs/examples/*.json "${DESTDIR:-}$prefix/share/webrtc_ims/examples/"
install -m 755 "$top/tests/lab/ladder.py" "${DESTDIR:-}$prefix/share/webrtc_ims/ladder.py"
for dir in redis dns; do
  install -d "${DESTDIR:-}$prefix/share/webrtc_ims/examples/$dir"
  install -m 644 "$top/docs/examples/$dir"/* "${DESTDIR:-}$prefix/share/webrtc_ims/examples/$dir/"
done
echo "installed ${DESTDIR:-}$modules/webrtc_ims.so"
echo "installed ${DESTDIR:-}$prefix/bin/wims"
echo "installed ${DESTDIR:-}$prefix/share/webrtc_ims/kamailio-cfg/"
echo "installed ${DESTDIR:-}$prefix/share/webrtc_ims/examples/"
echo "installed ${DESTDIR:-}$prefix/share/webrtc_ims/ladder.py"
