#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

results=$RUN_DIR/log/results.json

# With directories and ports of its own.
bench() {
  env -u RUN_DIR RESULTS="$results" ROWS="$*" "$TOP/tests/bench/run.sh" {PORT_LOCK}>&-
}

"${MAKE:-make}" -C "$TOP" --no-print-directory build/bench/wims_bench.so >"$RUN_DIR/log/make.log"
bench 'jws-ES256 cache-hit-ES256 register-cpu' >"$RUN_DIR/log/bench.log" || note 'a goal was missed'

python3 - "$results" <<'PY'
import json, sys
rows = {row["name"]: row for row in json.load(open(sys.argv[1]))["rows"]}
assert sorted(rows) == ["cache-hit-ES256", "jws-ES256", "register-cpu"], sorted(rows)
for name, row in rows.items():
    low, high = row["ratio_interval"]
    assert row["pairs"] >= 10 and low <= row["ratio"] <= high, row
    least = 0.1 if name == "cache-hit-ES256" else 5
    assert min(row["ours"], row["against"]) > least, f"{name}: nothing takes less than {least} us"
    assert (row["met"] is None) == (row["goal"] is None), row
# Both verify the same signature; nobody can do that in half the time.
assert 0.5 < rows["jws-ES256"]["ratio"] < 2, rows["jws-ES256"]
# A hit is a digest and more, and no signature check.
assert rows["cache-hit-ES256"]["ours"] < rows["jws-ES256"]["ours"] / 5, rows["cache-hit-ES256"]
PY
must_fail bench 'no-such-row' 2>"$RUN_DIR/log/wrong.log"
expect_log wrong 'no row is named' 0
