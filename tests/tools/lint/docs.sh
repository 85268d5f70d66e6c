#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The documents and the code name the same things: docs/module.md each
# parameter (with its default and range), function, variable, RPC command and
# counter, docs/configuration.md each site value, and neither a thing that is
# not there; functions, routes and tests that any document names exist. What
# docs/conformance.md claims, a test shows.
set -euo pipefail
. tests/tools/lint/files.sh

status=0
our_files '*.md' | python3 tests/tools/lint/docs.py || status=1
python3 tests/tools/lint/conformance.py || status=1
exit "$status"
