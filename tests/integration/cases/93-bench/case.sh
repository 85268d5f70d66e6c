#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# long
. "$(dirname "$0")/../../lib.sh"

results=$RUN_DIR/log/results.json

# With directories and ports of its own.
bench() {
  env -u RUN_DIR RESULTS="$results" ROWS="$*" "$TOP/tests/bench/run.sh" {PORT_LOCK}>&-
}

"${MAKE:-make}" -C "$TOP" --no-print-directory build/bench/wims_bench.so build/bench/bench_range build/redis/store_bench \
  build/tools/wims-load \
  >"$RUN_DIR/log/make.log"
export WSS_WICS=300 WSS_RATE=300 BENCH_ROUNDS=6
bench 'jws-ES256 cache-hit-ES256 wss-register-cached call-setup reject-unregistered eicscf-query range-*-1000 registrar-put registrar-query-get' >"$RUN_DIR/log/bench.log" || note 'a goal was missed'

python3 - "$results" <<'PY'
import json, sys
results = json.load(open(sys.argv[1]))
rows = {row["name"]: row for row in results["qm"]}
assert sorted(rows) == ["cache-hit-ES256", "call-setup", "eicscf-query", "jws-ES256", "reject-unregistered", "wss-register-cached"], sorted(rows)
assert not [row for row in rows.values() if "why" in row], rows
for name, row in rows.items():
    assert "webrtc_ims at" in row["where"] and row["taken"] and len(row["load"]) == 3, row
    low, high = row["ratio_interval"]
    assert row["rounds"] >= 6 and len(row["samples"]) == row["rounds"] and low <= row["ratio"] <= high, row
    least = 0.1 if name == "cache-hit-ES256" else 5
    assert min(row["ours"], row["against"]) > least, f"{name}: nothing takes less than {least} us"
    assert (row["met"] is None) == (row["goal"] is None), row
# Both verify the same signature; nobody can do that in half the time.
assert 0.5 < rows["jws-ES256"]["ratio"] < 2, rows["jws-ES256"]
# A hit is a digest and more, and no signature check.
assert rows["cache-hit-ES256"]["ours"] < rows["jws-ES256"]["ours"] / 5, rows["cache-hit-ES256"]
# Both relay the same messages.
assert 0.3 < rows["call-setup"]["ratio"] < 3, rows["call-setup"]
# All three take the same REGISTERs; who answers only is the cheapest.
wss = rows["wss-register-cached"]
assert 0.5 < wss["ratio"] < 5 and 5 < wss["bare"] < 1.5 * wss["ours"], wss
assert all(len(parts) > 5 and parts == sorted(parts) for parts in wss["latency"].values()), wss["latency"]
# Redis is asked once for each.
assert 0.8 < rows["eicscf-query"]["ratio"] < 4, rows["eicscf-query"]
# The store in Redis takes no less than what it is measured against, beside each other.
stores = {row["name"]: row for row in results["registrar"]}
assert sorted(stores) == ["registrar-put", "registrar-query-get"], sorted(stores)
assert 1 < stores["registrar-put"]["bare"] < stores["registrar-put"]["ours"], stores
assert all(row["ratio"] > 0.8 and row["against"] > 1 for row in stores.values()), stores
# Lookups in ranges: what goes through all of them takes longer.
ranges = {row["name"]: row for row in results["ranges"]}
assert sorted(ranges) == [f"range-{what}-1000" for what in ("bytes", "hit", "load", "miss", "near")], ranges
for what in ("hit", "near", "miss"):
    row = ranges[f"range-{what}-1000"]
    assert 0 < row["ours"] <= row["p99"], row
    assert min(row["pcre2"], row["regexec"]) > 5 * row["ours"], row
assert 0 < ranges["range-bytes-1000"]["ours"] < 1000, ranges
PY
note 'there are ports for the servers of all rows'
BENCH_ROUNDS=0 bench '*' >"$RUN_DIR/log/all.log"
note 'plots and documents'
python3 "$CASE_DIR/plots.py" "$TOP" "$RUN_DIR/plots"
python3 "$TOP/tests/bench/plots.py" --check "$TOP/docs/benchmarks"
python3 "$CASE_DIR/documents.py" "$TOP"

must_fail bench 'no-such-row' 2>"$RUN_DIR/log/wrong.log"
expect_log wrong 'no row is named' 0
