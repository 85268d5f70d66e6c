#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What must not be in a file that others get: paths of one machine, hosts that
# packages were fetched from, unfinished work.
set -euo pipefail
. tests/tools/lint/files.sh

status=0
mapfile -t files < <(our_files ':!*package-lock.json' ':!LICENSE' ':!tests/tools/lint/words.sh' \
  ':!tests/fuzz/corpus')
look() {
  found grep -nIE -- "$1" "${files[@]}" | cut -c1-200 | refuse "$2" || status=1
}

look '\b(TODO|FIXME|XXX|HACK)\b' 'unfinished'
look '(^|[^A-Za-z0-9_.$}-])/(work|root|home)/' 'path of one machine'
# Names for tests (RFC 2606, RFC 6761), loopback, and where standards and
# licences are read. Unit tests feed parsers with hosts that are nearly right.
allowed='(^|\.)(test|example|invalid|localhost|example\.(com|net|org)|gnu\.org|spdx\.org|'
allowed+='rfc-editor\.org|ietf\.org|3gpp\.org|w3\.org|kamailio\.org|keepachangelog\.com|semver\.org|jssip\.net)$'
found grep -noIiE -- '(https?|wss?)://[a-z0-9.-]+\.[a-z]+' "${files[@]}" |
  found grep -v '^tests/unit/' | awk -F '://' -v allowed="$allowed" 'tolower($NF) !~ allowed' |
  refuse 'host that is none of the test names' || status=1
our_files '*package-lock.json' | found xargs -r grep -n '"resolved"' | refuse 'download address' || status=1
our_files '*.c' '*.h' '*.sh' '*.py' '*.mk' '*.mjs' Makefile .ci/run |
  found xargs -r grep -L 'SPDX-License-Identifier: GPL-2.0-or-later' | refuse 'no licence line' || status=1
exit "$status"
