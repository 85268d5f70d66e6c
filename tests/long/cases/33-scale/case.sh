#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 180
. "$(dirname "$0")/../../../integration/lib.sh"

env -u RUN_DIR WICS=100 IDLE=2 "$TOP/tests/bench/scale.sh" {PORT_LOCK}>&- >"$RUN_DIR/log/scale.log"
for row in connect first refresh request again; do
  expect_log scale "^redis-$row [1-9][0-9.]* us$"
done
for row in first refresh request again; do
  expect_log scale "^redis-$row-store [1-9][0-9.]* us$"
done
expect_log scale '^redis-told [1-9][0-9]+ 1/s$'
expect_log scale '^redis-entry [1-9][0-9]+ bytes$'
expect_log scale '^beat-128-store [1-9][0-9]+ us$'
# A row that the document reckons with and the bench does not print any more
sed -n 's/^|.*| .\(\(redis\|beat\)-[a-z0-9-]*\). |$/\1/p' "$TOP/docs/scaling.md" >"$RUN_DIR/rows"
expect_eq "$(wc -l <"$RUN_DIR/rows")" 13 'rows that docs/scaling.md has from the bench'
while read -r row; do
  expect_log scale "^$row "
done <"$RUN_DIR/rows"
