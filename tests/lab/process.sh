# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Background processes of the lab, each known by a pid file: "<pid> <start time>". The start time makes sure
# that a pid which the system has given to another process since is left alone.

readonly READY_SECONDS=20
readonly END_SECONDS=10

# Clock ticks since boot, field 22 of stat; the name in field 2 may hold blanks, so count behind its ")".
# One that has ended is gone, even where nobody has taken note of it yet (state Z).
start_time() { # pid
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [[ $1 != Z ]] || return 1
  echo "${20}"
}

alive() { # pidfile
  local pid start
  [[ -s $1 ]] && read -r pid start <"$1" && [[ $(start_time "$pid") == "$start" ]]
}

# A session of its own: Ctrl-C in the terminal reaches only the script, which then stops things in order.
spawn() { # pidfile log command...
  local pidfile=$1 log=$2 pid
  shift 2
  setsid "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$pidfile"
}

wait_until() { # seconds command...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

ready_or_dead() { "${@:2}" || ! alive "$1"; }

await_ready() { # pidfile log command...
  local log=$2
  if wait_until "$READY_SECONDS" ready_or_dead "$1" "${@:3}" && alive "$1"; then
    return
  fi
  echo "lab: not ready; the end of $log:" >&2
  tail -n 20 "$log" >&2
  return 1
}

gone() { ! alive "$1"; }

end_process() { # pidfile
  local pid
  if alive "$1"; then
    read -r pid _ <"$1"
    kill "$pid" 2>/dev/null || true
    # spawn made it the leader of a group; a killed leader would leave its children.
    wait_until "$END_SECONDS" gone "$1" || kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$1"
}
