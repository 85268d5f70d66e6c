#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# long
. "$(dirname "$0")/../../lib.sh"

export SOAK_WICS=40 SOAK_MINUTE=0.3 SOAK_MINUTES=3 SOAK_VALUES='PING_PERIOD=2'
export PYTHONPATH=$TOP/tests PYTHONDONTWRITEBYTECODE=1

# soak DIR PART...: goals of times are missed here, so its status says little
soak() {
  env -u RUN_DIR SOAK_DIR="$RUN_DIR/$1" PARTS="${*:2}" timeout 100 python3 -m soak {PORT_LOCK}>&-
}

# figures DIR PART NAME=VALUE...: "met" for one that has met its goal
figures() {
  python3 - "$RUN_DIR/$1/$2.json" "${@:3}" <<'PY'
import json, sys
with open(sys.argv[1], encoding="utf-8") as f:
    part = json.load(f)
assert part["state"] == "done", (part["part"], part["facts"].get("why"))
found = {f["name"]: f for f in part["figures"]}
for want in sys.argv[2:]:
    name, _, value = want.partition("=")
    figure = found[name]
    assert figure["met"] is True if value == "met" else figure["value"] == float(value), (part["part"], figure)
PY
}

"${MAKE:-make}" -C "$TOP" --no-print-directory tools >"$RUN_DIR/log/make.log"
at_exit soak_ended
soak_ended() {
  local dir
  for dir in one two three four; do
    [[ ! -d $RUN_DIR/$dir ]] || SOAK_DIR="$RUN_DIR/$dir" python3 -m soak --stop >/dev/null
  done
}

note 'interrupted it goes on, and is found'
env -u RUN_DIR --default-signal=INT SOAK_DIR="$RUN_DIR/one" PARTS=hour setsid python3 -m soak >"$RUN_DIR/log/cut.log" 2>&1 \
  {PORT_LOCK}>&- &
front=$!
wait_for 20 'part' grep -qs running "$RUN_DIR/one/hour.json"
kill -INT "$front"
wait "$front" || true
expect_log cut 'goes on in the background' 0

note 'all parts'
groups=()
soak one hour restart fresh >"$RUN_DIR/log/one.log" 2>&1 &
groups+=($!)
soak two lost thousands >"$RUN_DIR/log/two.log" 2>&1 &
groups+=($!)
soak three capacity overload >"$RUN_DIR/log/three.log" 2>&1 &
groups+=($!)
for group in "${groups[@]}"; do
  wait "$group" || note 'a goal was missed'
done

figures one hour 'REGISTERs=90' 'REGISTERs failed=0' 'calls failed=0' 'WICs that rang=42' 'other IMPUs, refused=38' 'either would have been right=met' 'ledger clean=met' \
  'connections lost=4' 'connections lost: failed=0' 'WICs that came back=4' 'WICs that registered again: failed=0' \
  'WICs registered in the end=42' 'connections that the server ended=0' \
  'log lines of a bug=0' 'log lines CRITICAL=0'
figures two thousands 'bare: still there=met' 'registered: still there=met' 'ours: still there=met' 'ours: WICs that rang=80'
figures two lost 'fin: noticed=4' 'rst: noticed=4' 'silent: noticed=4' 'ledger clean=met' \
  'range: fin: noticed=4' 'range: rst: noticed=4' 'range: silent: noticed=4' 'range: ledger clean=met' \
  'WICs registered in the end=28' 'range: WICs that rang=28'
figures one restart 'kills=3' 'registered again=40' 'ledger clean=met' 'WICs that rang=40'
figures one fresh 'REGISTERs=300' 'REGISTERs failed=0' 'WICs that rang=40'
figures three capacity 'log lines of a bug=met'
figures three overload 'range: refused without Retry-After=0' 'web: answered otherwise, or not=0' \
  'range: WICs registered in the end=40' 'web: ledger clean=met'
grep -q '^| ledger clean | 1  | >= 1 | yes |$' "$RUN_DIR/log/one.log" || fail 'the table has no ledger'

note 'plots'
mkdir -p "$RUN_DIR/docs/soak"
cp "$RUN_DIR"/{one,two,three}/*.json "$RUN_DIR/docs/soak/"
printf '<!-- begin plots: written by make bench -->\n<!-- end -->\n' >"$RUN_DIR/docs/soak.md"
python3 "$TOP/tests/bench/plots.py" "$RUN_DIR/docs"
for plot in memory minutes lost overload-range overload-web back; do
  grep -q "](soak-$plot.svg)" "$RUN_DIR/docs/soak.md" || fail "$plot is not drawn"
done

note 'a part that is stopped ends, and its servers with it'
SOAK_DIR="$RUN_DIR/four" PARTS=lost env -u RUN_DIR setsid python3 -m soak >"$RUN_DIR/log/stopped.log" 2>&1 {PORT_LOCK}>&- &
front=$!
wait_for 20 'part' grep -qs running "$RUN_DIR/four/lost.json"
of_four() { grep -lzs "^SOAK_DIR=$RUN_DIR/four$" /proc/[0-9]*/environ || true; }
(($(of_four | wc -l) > 10)) || fail 'there are no servers'
SOAK_DIR="$RUN_DIR/four" timeout 20 python3 -m soak --stop || fail 'it did not end'
must_fail wait "$front"
expect_log stopped '^lost: failed: part.sh ended with' 0
expect_eq "$(of_four)" '' 'processes of the part'

note 'a result stays, a part that cannot start has failed'
begun=$(stat -c %Y.%y "$RUN_DIR/one/hour.json")
soak one hour >"$RUN_DIR/log/again.log" 2>&1 || true
expect_eq "$(stat -c %Y.%y "$RUN_DIR/one/hour.json")" "$begun" 'time of the result'
expect_log one 'hour: ' 0
(
  export SOAK_VALUES='PING_PERIOD=1'
  must_fail soak one lost >"$RUN_DIR/log/bad.log" 2>&1
)
expect_log bad '^lost: failed: part.sh ended with 1' 0
