#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
. "$(dirname "$0")/../../../integration/lib.sh"
# shellcheck source=tests/integration/lib/mutants.sh
. "$TOP/tests/integration/lib/mutants.sh"

mutants "${MUTANTS:-3000}" mutants_others.py
