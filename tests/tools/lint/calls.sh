#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls that have no bound or lose an error. wims_w, wims_pl and strto* do the
# same with both.
set -euo pipefail
. tests/tools/lint/files.sh

banned='strcpy|strcat|stpcpy|sprintf|vsprintf|atoi|atol|atoll|atof|sscanf|gets|alloca|strtok'
our_files '*.c' '*.h' |
  found xargs -r grep -nE "(^|[^A-Za-z0-9_])($banned)[[:space:]]*\(" | refuse 'banned call'
