#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dependencies point downwards only (docs/architecture.md): the library knows
# neither Kamailio nor the world, and each foreign library has one home.
set -euo pipefail
. tests/tools/lint/files.sh

lib=modules/webrtc_ims/lib
status=0

# includes REGEX PATHSPEC...: lines that include such a header
includes() {
  local regex=$1
  shift
  our_files "$@" | found xargs -r grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$regex"
}

includes '(wk|core/|modules/|lib/|\.)' "$lib/*.c" "$lib/*.h" |
  refuse 'the library includes what is above it' || status=1
includes '(sys/socket|sys/time|time|pthread|unistd|fcntl|netinet|netdb|signal)[./]' \
  "$lib/*.c" "$lib/*.h" | refuse 'the library reaches for the world' || status=1
includes 'jansson' '*.c' '*.h' ":!$lib/jose/wims_json.c" ':!modules/webrtc_ims/cli' ':!tests' |
  refuse 'jansson outside wims_json.c' || status=1
includes 'openssl/' '*.c' '*.h' ":!$lib/jose/wims_alg_ossl*.c" ':!modules/webrtc_ims/wk_tls.c' \
  ':!modules/webrtc_ims/cli' ':!tests' | refuse 'OpenSSL outside its home' || status=1
includes 'jwt' '*.c' '*.h' ':!modules/webrtc_ims/cli' ':!tests' |
  refuse 'libjwt outside the tool' || status=1
includes 'curl/' '*.c' '*.h' ':!modules/webrtc_ims/cli' ':!tests' |
  refuse 'libcurl outside the tool' || status=1
includes 'pcre2' '*.c' '*.h' ":!$lib/range/wims_regex.c" ':!tests' |
  refuse 'PCRE2 outside wims_regex.c' || status=1
includes 'expat' '*.c' '*.h' ":!$lib/regevent/wims_xml.c" ':!tests' |
  refuse 'Expat outside wims_xml.c' || status=1
includes 'hiredis/' '*.c' '*.h' ":!$lib/redis/wims_redis_reply.c" ':!tests' |
  refuse 'hiredis outside wims_redis_reply.c' || status=1
# The client of Redis is the one place with sockets; it knows the library alone.
includes '(wk|core/|modules/|lib/|\.)' 'modules/webrtc_ims/redis/*.c' 'modules/webrtc_ims/redis/*.h' |
  refuse 'the client of Redis includes what is above it' || status=1
includes 'wr_' '*.c' '*.h' ':!modules/webrtc_ims/redis' ':!modules/webrtc_ims/wk_registry*' ':!tests' |
  refuse 'the client of Redis outside wk_registry*.c' || status=1
if [[ $(includes 'regex' "$lib/*.c" "$lib/*.h" | wc -l) -gt 1 ]]; then
  includes 'regex' "$lib/*.c" "$lib/*.h" | refuse 'more than one file with regular expressions' || status=1
fi

# What the archive leaves undefined must come from these libraries.
foreign_symbols() {
  local name file
  for name in libc.so.6 libcrypto.so libjansson.so libpcre2-8.so libexpat.so libhiredis.so; do
    file=$(gcc -print-file-name="$name")
    nm -D --defined-only "$file" | awk '{ sub(/@.*/, "", $3); print $3 }'
  done
  nm --defined-only build/libwims.a | awk 'NF == 3 { print $3 }'
  # of the linker and the dynamic loader
  printf '%s\n' _GLOBAL_OFFSET_TABLE_ __tls_get_addr
}

wanted_symbols() {
  nm -u build/libwims.a | awk '$1 == "U" { print $2 }' | sort -u
}

comm -23 <(wanted_symbols) <(foreign_symbols | sort -u) |
  refuse 'libwims.a needs a symbol of nobody it knows' || status=1
# Memory, time and log lines are handed in; base/wims_env.c is where a program
# gets the C library's memory to hand in.
nm -A -u build/libwims.a |
  found grep -E ' (calloc|malloc|realloc|free|fopen|open|read|write|printf|puts|getenv|socket|time|gettimeofday|clock_gettime|__f?printf_chk)$' |
  found grep -vE ':wims_env\.o: +U (malloc|free)$' | refuse 'the library calls' || status=1
exit "$status"
