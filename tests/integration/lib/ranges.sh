# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For cases about a WWSF whose users are members of ranges: six ranges of the
# lab's core, one for each trigger and each way of registering. ranges.py knows
# the same six.

# make_ranges_wwsf: a WWSF with all of them
make_ranges_wwsf() {
  make_range_wwsf "[
    $(one_range 'range1-!.*!' start range1), $(one_range 'range6-!.*!' start range6 wildcard),
    $(one_range 'range4-!.*!' first range4), $(one_range 'range2-!.*!' first range2 wildcard),
    $(one_range 'range3-![0-9]{3}!' token range3), $(one_range 'range5-![0-9]{3}!' token range5 wildcard)]"
}

# one_range USER-PART TRIGGER IMPI-USER [wildcard]: by its pilot, or by itself
one_range() {
  local pilot=", \"pilot\": \"sip:$3@ims.test\""
  [[ -z ${4:-} ]] || pilot=
  printf '{"range": "sip:%s@ims.test", "register": "%s", "impi": "%s@ims.test"%s}' "$1" "$2" "$3" "$pilot"
}
