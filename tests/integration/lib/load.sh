# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# wims-load in a case: many WICs of one process, told what to do line by line.

# load_users COUNT PREFIX: lines of --users, with tokens of the case's WWSF
load_users() {
  paste <(seq -f "sip:$2%g@ims.test" "$1") <(seq -f "$2%g" "$1" | mint '{line}' --each)
}

# start_load NAME HOST:PORT USERS [OPTION...]: it waits for commands; ends by "quit"
start_load() {
  local name=$1 at=$2 users=$3 fifo=$RUN_DIR/run/$1.commands
  shift 3
  certificates
  rm -f "$fifo"
  mkfifo "$fifo"
  spawn "$name" "${WIMS_LOAD:-$TOP/build/tools/wims-load}" --connect "$at" --name localhost \
    --ca "$RUN_DIR/tls/ca.pem" --script "$fifo" --origin "$WWSF_ORIGIN" --sources 127.1.0.1-127.1.0.20 \
    --users "$users" "$@"
  exec {LOAD_COMMANDS}<>"$fifo" # does not wait for a reader
  LOAD_DONE=0
}

# load_does NAME SECONDS COMMAND...: until its line of JSON is there, as LOAD_LINE
load_does() {
  local name=$1 seconds=$2
  shift 2
  load_begins "$*"
  load_ends "$name" "$seconds"
}

# load_begins COMMAND...: and nobody waits for it; "&" belongs to it
load_begins() {
  echo "$*" >&"$LOAD_COMMANDS"
}

# load_ends NAME SECONDS: the next line of JSON
load_ends() {
  LOAD_DONE=$((LOAD_DONE + 1))
  wait_for "$2" "line $LOAD_DONE of $1" load_said "$1" "$LOAD_DONE"
  LOAD_LINE=$(grep '^{' "$(log_of "$1")" | sed -n "${LOAD_DONE}p") || true
  [[ -n $LOAD_LINE ]] || fail "$1 has ended: $(tail -n 3 "$(log_of "$1")")"
}

# or it is dead
load_said() {
  [[ $(grep -c '^{' "$(log_of "$1")") -ge $2 ]] || ! alive "$1"
}

# load_over NAME: it ends by itself, all commands done; its status
load_over() {
  wait_for 20 "end of $1" load_gone "$1"
  stop "$1"
}

load_gone() {
  ! alive "$1"
}

# load_is EXPRESSION: Python, of the line as d
load_is() {
  python3 -c 'import json, sys
d = json.loads(sys.argv[2])
sys.exit(not eval(sys.argv[1], {"d": d}))' "$1" "$LOAD_LINE" || fail "not $1: $(cut -c 1-500 <<<"$LOAD_LINE")"
}

# all_ok COUNT: that many were asked, and all of them went well
all_ok() {
  load_is "d['asked'] == d['ok'] == $1 and not d['failed']"
}
