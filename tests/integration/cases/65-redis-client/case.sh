#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

export PYTHONDONTWRITEBYTECODE=1 REDIS_DOWN_AFTER_MS=1000
start_redises single=single sentinel=sentinel cluster=cluster-replicas
python3 "$CASE_DIR/real.py" || fail 'a Redis was not followed'
python3 "$CASE_DIR/faults.py" || fail 'a fault was not borne'
must_fail grep -E 'ERROR: AddressSanitizer|runtime error' "$RUN_DIR/log/wr_try.log"
