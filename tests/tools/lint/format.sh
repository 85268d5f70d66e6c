#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# C as .clang-format has it; no blanks at line ends, a newline at the end.
set -euo pipefail
. tests/tools/lint/files.sh

status=0
# one line a file: clang-format -i puts all of it right
our_files '*.c' '*.h' | { xargs -r clang-format --dry-run -Werror 2>&1 || true; } |
  sed -nE 's/^([^:]+):[0-9]+:[0-9]+: error: .*/\1/p' | uniq -c | refuse 'not as clang-format writes it' || status=1
mapfile -t files < <(our_files ':!*.png' ':!*.der' ':!*.bin' ':!tests/fuzz/corpus' ':!tests/vectors')
found grep -nIE '[[:blank:]]+$' "${files[@]}" | refuse 'blank at the end of a line' || status=1
python3 - "${files[@]}" <<'PY' || status=1
import sys
status = 0
for name in sys.argv[1:]:
    with open(name, "rb") as f:
        text = f.read()
    if text and b"\0" not in text and not text.endswith(b"\n"):
        status = 1
        print(f"no newline at the end: {name}")
sys.exit(status)
PY
exit "$status"
