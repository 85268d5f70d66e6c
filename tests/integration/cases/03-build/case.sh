#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

build=$TOP/modules/webrtc_ims/build

# fake VERSION OS FLAGS: a kamailio that has only -V
fake() {
  printf '#!/bin/sh\ncat <<END\nversion: kamailio %s (x86_64/%s) \nflags: %s\n' "$@" >"$RUN_DIR/fake"
  printf 'ADAPTIVE_WAIT_LOOPS 1024, MAX_RECV_BUFFER_SIZE 262144\nEND\n' >>"$RUN_DIR/fake"
  chmod +x "$RUN_DIR/fake"
}

# flags are there, as whole lines
has_flags() {
  local flag
  "$build/kamdefs.sh" "$RUN_DIR/fake" >"$RUN_DIR/defs"
  for flag in "$@"; do
    grep -qxF -- "$flag" "$RUN_DIR/defs" || fail "no $flag"
  done
}

note '5.6.3 as Debian 12 builds it, 6.0 as Debian 13, 6.1 as CMake'
fake 5.6.3 linux 'USE_TCP, USE_TLS, FAST_LOCK-ADAPTIVE_WAIT, TLS_PTHREAD_MUTEX_SHARED'
has_flags '-DVERSION=\"5.6.3\"' -DVERSIONVAL=5006003 -D__OS_linux -DUSE_TLS -DFAST_LOCK \
  -DADAPTIVE_WAIT_LOOPS=1024 -DKSR_PTHREAD_MUTEX_SHARED
fake 6.0.1 linux 'USE_TCP, MEM_JOIN_FREE, FAST_LOCK-ADAPTIVE_WAIT'
has_flags -DVERSIONVAL=6000001 -DMEM_JOIN_FREE
fake 6.1.5 Linux 'USE_TCP, DBG_QM_MALLOC, DBG_SR_MEMORY, USE_FUTEX'
has_flags -DVERSIONVAL=6001005 '-DOS_QUOTED=\"Linux\"' -D__OS_linux -DDBG_SR_MEMORY
must_fail grep -qE 'FAST_LOCK|DBG_QM_MALLOC' "$RUN_DIR/defs"

note 'a compiler reads them as they are meant'
printf 'const char *s = VERSION " (" ARCH "/" OS_QUOTED ")";\n' >"$RUN_DIR/a.c"
gcc -E -P "@$RUN_DIR/defs" "$RUN_DIR/a.c" | grep -qF '"6.1.5" " (" "x86_64" "/" "Linux" ")"' ||
  fail 'the version string is not that of the binary'

note 'what cannot be built is said'
printf '#!/bin/sh\necho something else\n' >"$RUN_DIR/fake"
must_fail "$build/kamdefs.sh" "$RUN_DIR/fake"
must_fail "$build/kamdefs.sh" "$RUN_DIR/no-such-file"
fake 5.6.4 linux 'USE_TCP'
said=$(must_fail "$build/kamheaders.sh" --check "$RUN_DIR/fake" "$TOP/build/kamailio-src" 2>&1) || true
[[ $said == *'are of Kamailio 5.6.3'*'is 5.6.4'* ]] || fail "said: $said"
must_fail "$build/kamheaders.sh" --check "$(command -v kamailio)" "$RUN_DIR/nothing"

note 'the module itself'
expect_eq "$(nm -D --defined-only "$TOP/build/webrtc_ims.so" | awk '{ print $3 }' | LC_ALL=C sort | tr '\n' ' ')" \
  'exports mod_register module_flags module_interface_ver module_version ' 'what the module exports'
make -C "$TOP" --no-print-directory install DESTDIR="$RUN_DIR/system" PREFIX=/usr
modules=$(dpkg -L kamailio | sed -n 's|/tm\.so$||p')
for file in "$modules/webrtc_ims.so" /usr/bin/wims /usr/share/webrtc_ims/kamailio-cfg/{kamailio,eicscf}.cfg \
  /usr/share/webrtc_ims/{ladder.py,examples/{provisioning,wwsf-jwks}.json} \
  /usr/share/webrtc_ims/examples/{redis/{users.acl,redis.conf,sentinel.conf,stunnel-epcscf.conf},dns/ims.test.zone}; do
  [[ -s $RUN_DIR/system$file ]] || fail "make install did not install $file"
done
"$RUN_DIR/system/usr/share/webrtc_ims/ladder.py" --help >/dev/null
"$RUN_DIR/system/usr/bin/wims" config check "$RUN_DIR/system/usr/share/webrtc_ims/examples/provisioning.json"
make -C "$TOP" -q all || fail 'a second make has something to do'
