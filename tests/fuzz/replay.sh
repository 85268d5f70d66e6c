#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# replay.sh NAME...: runs every saved input of each target once.
set -euo pipefail

for name in "$@"; do
  "build/asan/fuzz/replay_$name" "tests/fuzz/corpus/$name"
done
