#!/bin/bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# make check-tools: the test tools against the stand-in. Names of test
# modules, classes or methods as arguments run only those.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)

finish() {
	[[ -f $work/env ]] && "$here/../standin/standin.sh" stop "$work"
	rm -rf "$work"
}
trap finish EXIT

"$here/../standin/standin.sh" start "$work"
STANDIN=$work BRIDGE=$root/build/tools/asan/wssbridge LOAD=$root/build/asan/tools/wims-load PYTHONDONTWRITEBYTECODE=1 \
	PYTHONPATH=$here/.. python3 "$here/main.py" "$@"
