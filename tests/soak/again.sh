#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# again.sh COMMAND...: starts it again at once when it is killed, as systemd does with
# Restart=on-failure. Ends with it otherwise.
set -uo pipefail

status=137
pid=
trap 'kill -TERM "$pid" 2>/dev/null; wait "$pid"; exit $?' TERM
while [[ $status -eq 137 ]]; do
  "$@" &
  pid=$!
  status=0
  wait "$pid" || status=$?
done
exit "$status"
