#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The numbers of docs/scaling.md follow from its figures, and those from the benchmarks.
# "python3 tests/tools/lint/scaling.py --write" puts them right.
set -euo pipefail

[[ ! -f docs/scaling.md ]] || python3 tests/tools/lint/scaling.py
