#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 1200
export ROUNDS=20
exec bash "$(dirname "$0")/../../../integration/cases/74-allocation-race/case.sh"
