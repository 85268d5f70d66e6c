#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 2400
export ROUNDS=10
exec bash "$(dirname "$0")/../../../integration/cases/73-cluster-faults/case.sh"
