#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
# long
. "$(dirname "$0")/../../lib.sh"

licence='/* SPDX-License-Identifier: GPL-2.0-or-later */'
lib=modules/webrtc_ims/lib/base

new_tree() {
  rm -rf "$RUN_DIR/tree"
  mkdir -p "$RUN_DIR/tree/tests/tools" "$RUN_DIR/tree/build" "$RUN_DIR/tree/$lib"
  cd "$RUN_DIR/tree"
  cp -r "$TOP/tests/tools/lint" "$TOP/tests/tools/lint.sh" tests/tools/
  cp "$TOP/.clang-format" "$TOP/.shellcheckrc" .
  git init -q .
  echo build/ >.gitignore
  archive "int wims_one(void);" "int wims_one(void)" "{" "	return 1;" "}"
}

# archive LINE...: build/libwims.a of these lines of C
archive() {
  printf '%s\n' "$@" | gcc -x c -c -o build/a.o -
  rm -f build/libwims.a
  ar rcs build/libwims.a build/a.o
}

# finds RULE MESSAGE FILE LINE...: the rule is content without the file
finds() {
  local rule=$1 message=$2 file=$3 said
  shift 3
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$@" >"$file"
  said=$(must_fail tests/tools/lint.sh "$rule" 2>&1) || fail "$rule does not see $file: $said"
  [[ $said == *"$message"* ]] || fail "$rule says '$said', not '$message'"
  rm "$file"
  tests/tools/lint.sh "$rule" >/dev/null || fail "$rule objects to a clean tree"
}

lines() {
  local i
  for ((i = 0; i < $1; i++)); do
    echo 'int x;'
  done
}

new_tree
note 'clean'
tests/tools/lint.sh

note 'format, size'
finds format 'not as clang-format writes it' "$lib/a.c" 'int  x;'
finds format 'blank at the end' docs/a.md 'words '
mkdir -p docs
printf 'words' >docs/a.md
[[ $(must_fail tests/tools/lint.sh format) == *'no newline at the end: docs/a.md'* ]] || fail 'no newline, and nothing said'
rm docs/a.md
finds size 'has 501 lines' "$lib/a.c" "$(lines 501)"
finds size 'f has 61 lines' "$lib/a.c" 'int f(void)' '{' "$(lines 58)" '}'
finds size 'f has 151 lines' tests/unit/a.c 'int f(void)' '{' "$(lines 148)" '}'

note 'layers'
finds layers 'what is above it' "$lib/a.c" '#include "core/str.h"'
finds layers 'what is above it' "$lib/a.c" '#include "../wk.h"'
finds layers 'reaches for the world' "$lib/a.c" '#include <time.h>'
finds layers 'jansson outside' "$lib/a.c" '#include <jansson.h>'
finds layers 'OpenSSL outside' modules/webrtc_ims/wk_a.c '#include <openssl/evp.h>'
finds layers 'libjwt outside' modules/webrtc_ims/wk_a.c '#include <jwt.h>'
archive 'int pkg_malloc(void);' 'int f(void) { return pkg_malloc(); }'
must_fail tests/tools/lint.sh layers
archive '#include <time.h>' 'long f(void) { return time(0); }'
must_fail tests/tools/lint.sh layers
new_tree

note 'calls, scripts, words, links'
finds calls 'banned call' "$lib/a.c" 'strcpy(a, b);'
finds scripts 'SC2086' tests/a.sh '#!/bin/bash' "rm \$1"
finds scripts 'SC2086' tests/integration/cases/10-a/case.sh '#!/bin/bash' "rm \$1"
finds scripts 'a.py' tests/a.py 'def f(:'
finds scripts 'a.json' tests/a.json '{"a": }'
finds scripts 'SyntaxError' tests/a.mjs 'let = ;'
finds words 'unfinished' docs/a.md "TO""DO later"
finds words 'path of one machine' docs/a.md "see /ho""me/someone"
finds words 'none of the test names' docs/a.md "from https:/""/registry.somewhere.io/x"
finds words 'download address' tests/package-lock.json '"resolved": "x"'
finds words 'no licence line' "$lib/a.c" 'int x;'
finds links 'leads nowhere' docs/a.md '[x](nothing.md)'
finds links 'names no heading' docs/a.md '# One' '[x](#two)'

note 'docs'
# claims MESSAGE ROW...: docs/conformance.md of these rows is objected to
claims() {
  finds docs "$1" docs/conformance.md '| clause | what it asks | | shown by |' '| --- | --- | --- | --- |' "${@:2}"
}
claims 'has no rows'
claims 'a row is:' '| 5.1 | this | yes, see below |'
claims "'mostly' is none of" '| 5.1 | this | mostly | |'
claims "'yes' names no test that exists" '| 5.1 | this | no | |' "| 5.1 | that | yes | \`test_a.h\` |"
claims "'by configuration' names no test" '| 5.1 | this | by configuration | |'
# changed FILE SED MESSAGE [RULE]: of the real documents and sources, with one change
changed() {
  local said rule=${4:-docs}
  (cd "$TOP" && cp -r --parents docs kamailio-cfg modules tests/integration/cases tests/long/cases tests/unit tests/glue -t "$RUN_DIR/tree")
  tests/tools/lint.sh "$rule"
  sed -i -E "$2" "$1"
  said=$(must_fail tests/tools/lint.sh "$rule" 2>&1) || fail "$rule does not see: $2"
  [[ $said == *"$3"* ]] || fail "$rule says '$said', not '$3'"
}
glue=modules/webrtc_ims
changed $glue/wk_params.c 's/\{"tick_ms", +PARAM/{"new_one", PARAM/' 'parameter new_one is not described'
changed docs/module.md '/^### .tick_ms.$/d' 'parameter tick_ms is not described'
changed docs/module.md 's/default 50, range 10/default 51, range 10/' 'tick_ms is an integer, default 50'
changed docs/module.md 's/^### (.)wims_reply\(\)/### \1wims_answer()/' 'there is no function wims_answer'
changed $glue/webrtc_ims_mod.c 's/KEMI\("screen",/KEMI("scream",/' 'there is no KEMI function wims_screen'
changed docs/module.md '/^\| ..wims\(exp\)/d' 'variable exp is not described'
changed $glue/wk_rpc.c 's/"webrtc_ims.wwsf"/"webrtc_ims.sites"/' 'command sites is not described'
changed $glue/wk_stats.h 's/"bye_sent"/"byes"/' 'there is no counter bye_sent'
changed docs/configuration.md '/^\| .NODE_ID/d' 'site value NODE_ID is not described'
changed kamailio-cfg/eicscf-site.cfg 's/REDIS_USER!/I_CSCF_USER!/' 'I_CSCF is a part of another name' config
changed docs/architecture.md 's/wk_screen\(/wk_scream(/' 'there is no function wk_scream'
changed docs/callflows.md 's/route\[TO_WIC\]/route[TO_WACK]/' 'there is no route[TO_WACK]'
changed docs/security.md 's/10-start/10-stop/' 'there is no test 10-stop'
changed docs/troubleshooting.md 's/core_challenge/core_challenged/' 'no command, counter or outcome core_challenged'
changed docs/scaling.md 's/^(\| .nodes. .*) 102 /\1 103 /' "should be: | \`nodes\`" scaling
changed docs/scaling.md 's/^(\| .expiry. \|) 600/\1 300/' "should be: | \`registers\`" scaling
changed docs/scaling.md 's/^(\| .registers. \| .)wics/\1wix/' 'wix is not known here' scaling
changed docs/benchmarks/README.md 's/^(\| redis-again \|) [0-9]+/\1 1/' "should be: | \`again\` | 1 |" scaling
changed docs/benchmarks/README.md '/^\| redis-again /d' 'no row redis-again in the benchmarks' scaling
new_tree

mkdir -p docs
note 'and what is right passes'
printf '%s\n' "$licence" 'int x;' >"$lib/b.c"
printf '%s\n' '# One thing' '[x](#one-thing) [y](https://wwsf.test/) [z](../Makefile)' >docs/b.md
printf '# SPDX-License-Identifier: GPL-2.0-or-later\n' >Makefile
tests/tools/lint.sh
