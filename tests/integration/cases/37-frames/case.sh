#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

ports core
ICSCF=127.0.0.1:${PORT[core]}
make_wwsf
start_epcscf edge "PROVISIONING=$PROVISIONING"
# The messages of RFC 4475 as bytes, a file each: the project has none of its own.
vectors=${TORTURE_DIR:-$TOP/../shared/vectors/rfc4475}
if [[ ! -d $vectors ]]; then
  echo "no directory $vectors (TORTURE_DIR): only messages after the clauses of RFC 4475, not those of its text"
  vectors=
fi
run_scene frames.py "TORTURE_DIR=$vectors"
refuse_log edge 'CRITICAL|BUG'
stop edge
