# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced first by each case.sh. What a case may use is in lib/, a file a
# concern. A case has RUN_DIR for all that it writes and a block of ports of
# its own; what it spawned is ended when it ends, whichever way it ends.
#
#   . "$(dirname "$0")/../../lib.sh"
#   ports sip
#   start_kamailio pcscf "$CASE_DIR/kam.cfg" -A "PORT=${PORT[sip]}"
#   run_sipp uac "$TOP/sipp-scenarios/uac_x.xml" "127.0.0.1:${PORT[sip]}" -m 1
#   expect_log pcscf 'token_expired'
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CASE_DIR=$(cd "$(dirname "$0")" && pwd)
CASE=${CASE_DIR##*/}
# By hand, without the runner: a directory of its own, kept when the case fails.
# Short, because Unix socket paths are: 107 bytes at most.
if [[ -z ${RUN_DIR:-} ]]; then
  RUN_DIR=$(mktemp -d)
  RUN_DIR_IS_OWN=yes
fi
mkdir -p "$RUN_DIR/log" "$RUN_DIR/run"
export TOP CASE_DIR CASE RUN_DIR

# shellcheck source=tests/integration/lib/proc.sh
. "$TOP/tests/integration/lib/proc.sh"
# shellcheck source=tests/integration/lib/expect.sh
. "$TOP/tests/integration/lib/expect.sh"
# shellcheck source=tests/integration/lib/ports.sh
. "$TOP/tests/integration/lib/ports.sh"
# shellcheck source=tests/integration/lib/kamailio.sh
. "$TOP/tests/integration/lib/kamailio.sh"
# shellcheck source=tests/integration/lib/wwsf.sh
. "$TOP/tests/integration/lib/wwsf.sh"
# shellcheck source=tests/integration/lib/epcscf.sh
. "$TOP/tests/integration/lib/epcscf.sh"
# shellcheck source=tests/integration/lib/sipp.sh
. "$TOP/tests/integration/lib/sipp.sh"
# shellcheck source=tests/integration/lib/lab.sh
. "$TOP/tests/integration/lib/lab.sh"
# shellcheck source=tests/integration/lib/scene.sh
. "$TOP/tests/integration/lib/scene.sh"

# A command that ends the case by failing says so itself.
set -E
trap 'echo "failed: $BASH_COMMAND (${BASH_SOURCE[0]##*/} line $LINENO)" >&2' ERR
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
claim_ports
