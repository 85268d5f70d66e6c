#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# rtpengine of a test, in a directory of its own, in user space, on loopback; Debian's service is not touched.
#
#   rtpengine.sh DIR start               ready when it answers
#   rtpengine.sh DIR address             what the site value RTPENGINE takes
#   rtpengine.sh DIR sessions            how many it has
#   rtpengine.sh DIR names               their names
#   rtpengine.sh DIR packets             RTP packets that it has relayed in the sessions it has
#   rtpengine.sh DIR kill|freeze|thaw    kill -9, and its port is free; SIGSTOP; SIGCONT
#   rtpengine.sh DIR again               after kill: started as it was
#   rtpengine.sh DIR end
#
# Environment, at start: RTPENGINE_NG and RTPENGINE_CLI (ports of 127.0.0.1; 2223 and 9900), RTPENGINE_MEDIA
# (FIRST-LAST, 41000-48999; ports that somebody has are left out), RTPENGINE_INTERFACES (lo/127.0.0.1; several
# with blanks between).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

DIR=$(realpath -m "$1")
PID_FILE=$DIR/rtpengine.pid

ctl() { rtpengine-ctl -ip 127.0.0.1 -port "$CLI" "$@"; }

answers() { ctl list numsessions >/dev/null 2>&1; }

settings() { # what start has written
  # shellcheck source=/dev/null
  . "$DIR/rtpengine.env"
}

start() {
  mkdir -p "$DIR"
  printf 'NG=%s\nCLI=%s\nMEDIA=%s\nSIDES="%s"\n' "${RTPENGINE_NG:-2223}" "${RTPENGINE_CLI:-9900}" \
    "${RTPENGINE_MEDIA:-41000-48999}" "${RTPENGINE_INTERFACES:-lo/127.0.0.1}" >"$DIR/rtpengine.env"
  settings
  run
}

run() {
  local interfaces
  read -ra interfaces <<<"$SIDES"
  spawn "$PID_FILE" "$DIR/rtpengine.log" rtpengine --foreground --config-file=none --table=-1 \
    "${interfaces[@]/#/--interface=}" --listen-ng="127.0.0.1:$NG" --listen-cli="127.0.0.1:$CLI" --log-stderr --num-threads=2 \
    --port-min="${MEDIA%-*}" --port-max="${MEDIA#*-}"
  await_ready "$PID_FILE" "$DIR/rtpengine.log" answers
}

sessions() {
  ctl list numsessions | sed -n 's/^Current sessions own: //p'
}

names() {
  ctl list sessions all | sed -nE 's/^callid: *([^ |]+).*/\1/p'
}

packets() {
  local id
  for id in $(names); do
    ctl list sessions "$id"
  done | awk '{ for (i = 2; i <= NF; i++) if ($i == "p,") n += $(i - 1) } END { print n + 0 }'
}

tell() { # signal
  local pid
  read -r pid _ <"$PID_FILE"
  kill "-$1" "$pid"
}

# Where a process dies between what is sent to it twice, nobody tells the sender.
unheard() { ! grep -q ": 0100007F:$(printf %04X "$NG") 00000000:0000 " /proc/net/udp; }

case ${2:-} in
  start) start ;;
  end) end_process "$PID_FILE" ;;
  address) settings && echo "udp:127.0.0.1:$NG" ;;
  sessions) settings && sessions ;;
  names) settings && names ;;
  packets) settings && packets ;;
  kill) settings && tell KILL && wait_until "$END_SECONDS" unheard ;;
  again) settings && run ;;
  freeze) tell STOP ;;
  thaw) tell CONT ;;
  *) sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
