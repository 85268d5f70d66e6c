#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh [NAME...]: "make test-long". The runner of "make test" on the cases of
# tests/long/cases, one after the other; and the unit tests as they ship, which make test has
# under sanitizers.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
"$top/tests/tools/deps.sh" test-long
export CASES_DIR=$top/tests/long/cases OUT_DIR=$top/build/test-long CHECKS=check-unit JOBS=1
exec "$top/tests/run.sh" "$@"
