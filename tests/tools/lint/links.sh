#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every relative link of the documents leads to a file, and to a heading where
# it names one.
set -euo pipefail
. tests/tools/lint/files.sh

our_files '*.md' | python3 tests/tools/lint/links.py
