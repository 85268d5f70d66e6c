#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli_test.sh WIMS: the tests of the operators' tool. The last line is
# "N passed, N failed".
set -euo pipefail

wims=$(realpath "$1")
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
passed=0
failed=0

# check NAME STATUS PATTERN COMMAND...: the command's exit status, and an
# extended pattern that all its output together must hold as a whole line.
check() {
  local name=$1 want=$2 pattern=$3 status=0
  shift 3
  "$@" >out 2>&1 || status=$?
  if [[ $status -eq $want ]] && grep -qxE -- "$pattern" out; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  printf 'FAIL %s: status %s, want %s and a line %s\n' "$name" "$status" "$want" "$pattern"
  sed 's/^/     /' out
}

# with FILE COMMAND...: the file as standard input
with() {
  local file=$1
  shift
  "$@" <"$file"
}

# mint NAME OPTION...: a token for the provisioning file below, in NAME.jwt
mint() {
  local name=$1
  shift
  "$wims" token mint --key es.pem --kid es --iss https://wwsf.test --aud ims.test --sub u1 \
    --impi alice@ims.test --impu sip:alice@ims.test --scope webrtc-ims-client-access-to-ims \
    --now 1000000 --exp-in 600 "$@" >"$name.jwt"
}

provisioning() {
  cat <<-END
	{"version": 1, "wwsf": [
	  {"name": "one", "issuer": "https://wwsf.test", "audience": "ims.test",
	   "keys": [{"jwks_file": "es.json"}, {"jwks_file": "keys/rs.json"}],
	   "origins": ["https://wwsf.test"], "domain": "ims.test",
	   "impus": ["sip:alice@ims.test", "sip:web-*@ims.test"], "impis": ["*@ims.test"]},
	  {"name": "two", "issuer": "https://two.test", "audience": "ims.test",
	   "keys": {"jwks_file": "ed.json"},
	   "origins": ["https://two.test"], "domain": "two.test",
	   "impus": ["sip:*@two.test"], "impis": ["*@two.test"]}
	]}
	END
}

at() {
  "$wims" token verify --config p.json --now "$@"
}

# --- keys ---
mkdir keys
check 'generate ES256' 0 'made' bash -c "'$wims' key generate --alg ES256 --out es.pem --jwks-out es.json --kid es && echo made"
check 'generate RS256' 0 'made' bash -c "'$wims' key generate --alg RS256 --out rs.pem --jwks-out keys/rs.json --kid rs && echo made"
check 'generate EdDSA' 0 'made' bash -c "'$wims' key generate --alg EdDSA --out ed.pem --jwks-out ed.json --kid ed && echo made"
check 'private key is private' 0 '600 es.pem' stat -c '%a %n' es.pem
check 'OpenSSL reads ES256' 0 'ASN1 OID: prime256v1' openssl pkey -in es.pem -noout -text
check 'OpenSSL reads RS256' 0 '.*2048 bit.*' openssl pkey -in rs.pem -noout -text
check 'OpenSSL reads EdDSA' 0 'ED25519 Private-Key:' openssl pkey -in ed.pem -noout -text
check 'set holds no private part' 1 '0' grep -cE '"(d|p|q)"' es.json
check 'not overwritten' 2 'wims: es.pem: File exists' "$wims" key generate --alg ES256 --out es.pem
check 'unknown algorithm' 2 'wims: --alg HS256: allowed are .*' "$wims" key generate --alg HS256 --out x.pem
check 'kid that breaks JSON' 2 'wims: --kid: allowed .*' "$wims" key generate --alg ES256 --out x.pem --jwks-out x.json --kid 'a"b'
check 'set without kid' 2 '.*go together' "$wims" key generate --alg ES256 --out x.pem --jwks-out x.json
check 'nothing left behind' 2 '.*x.pem.*' ls x.pem

# --- provisioning ---
provisioning >p.json
check 'config ok' 0 'p.json: ok, 2 WWSFs' "$wims" config check p.json
check 'key files beside it' 0 "$dir/p.json: ok, 2 WWSFs" bash -c "cd / && '$wims' config check '$dir/p.json'"
sed 's|"jwks_file": "ed\.json"|"jwks_uri": "https://a.test/k"|' p.json >uri.json
check 'keys of a server' 0 'two: keys from https://a.test/k, refreshed after 60 to 3600 s, kept 86400 s when that fails' "$wims" config check uri.json
sed 's|"impus": \["sip:alice[^]]*\]|"scenario": "range", "ranges": [{"range": "sip:d-!.*!@ims.test", "impi": "d@ims.test", "allocate": {"pattern": "sip:d-{00..49}@ims.test"}, "users": ["*@a.test", "b"], "claim": {"name": "dep", "values": 1}}]|' p.json >block.json
check 'block' 0 'one: block [0-9a-f]{16}, 50 IMPUs from sip:d-00@ims.test to sip:d-49@ims.test, quarantine 600 s, for users \*@a.test b, by claim dep' "$wims" config check block.json
sed 's/"issuer"/"isuer"/' p.json >bad.json
check 'misspelt member' 1 'bad.json: \$\.wwsf\[0\]: unknown member "isuer"; did you mean "issuer"\?' "$wims" config check bad.json
sed 's/ed\.json/none.json/' p.json >bad.json
check 'no key file' 1 'bad.json: \$\.wwsf\[1\]\.keys\.jwks_file: cannot read "none.json": No such file or directory' "$wims" config check bad.json
sed 's/ed\.json/ed.pem/' p.json >bad.json
check 'PEM for JWKS' 1 'bad.json: \$\.wwsf\[1\]\.keys\.jwks_file: "ed.pem" line 1.*' "$wims" config check bad.json
sed 's/"jwks_file": "ed\.json"/"pem_file": "ed.pem"/' p.json >bad.json
check 'private key' 1 'bad.json: \$\.wwsf\[1\]\.keys\.pem_file: .*' "$wims" config check bad.json
check 'no file' 2 'wims: none.json: No such file or directory' "$wims" config check none.json
check 'directory' 2 'wims: \.: Is a directory' "$wims" config check .
check 'no operand' 2 'wims: config check: needs FILE; .*' "$wims" config check
head -c 1100000 /dev/zero | tr '\0' ' ' >big.json
check 'too large' 2 'wims: big.json: too large' "$wims" config check big.json

# --- tokens ---
mint good
mint rs --key rs.pem --kid rs
mint two --impu sip:web-7@ims.test --jti 'j 1'
mint late --exp-in 0
mint other --impu sip:bob@ims.test
mint noscope --scope other
mint notype --claim-json exp=\"soon\"
mint cross --iss https://two.test
mint aud --aud a --aud ims.test
ok='ok impi=alice@ims.test impu=sip:alice@ims.test'
check 'good' 0 "$ok wwsf=one exp=1000600 sub=u1 scope=webrtc-ims-client-access-to-ims" with good.jwt at 1000000
check 'RS256' 0 "$ok wwsf=one .*" with rs.jwt at 1000000
check 'two IMPUs' 0 "$ok impu=sip:web-7@ims.test wwsf=one .*" with two.jwt at 1000000
check 'array of aud' 0 "$ok wwsf=one .*" with aud.jwt at 1000000
check 'expired' 1 'token_expired' with late.jwt at 1000060
check 'not yet' 1 'token_not_yet_valid' with good.jwt at 999900
check 'IMPU of nobody' 1 'impu_not_entitled' with other.jwt at 1000000
check 'scope' 1 'scope_missing' with noscope.jwt at 1000000
check 'claim type' 1 'claim_type' with notype.jwt at 1000000
check "another issuer's key" 1 'key_unknown' with cross.jwt at 1000000
sed 's/\.[^.]*$/.AAAA/' good.jwt >forged.jwt
check 'forged' 1 'signature_bad' with forged.jwt at 1000000
tr -d '\n' <good.jwt >unended.jwt
check 'last line without its end' 0 "$ok .*" with unended.jwt at 1000000
cat good.jwt late.jwt rs.jwt >many.jwt
check 'many, in order' 1 '3 ok token_expired ok' bash -c \
  "'$wims' token verify --config p.json --now 1000060 <many.jwt | cut -d' ' -f1 | paste -sd' ' >o; s=\${PIPESTATUS[0]}; echo \"\$(wc -w <o) \$(cat o)\"; exit \$s"
printf '\n\0\n' >odd.jwt
check 'odd lines count' 0 '2' bash -c "'$wims' token verify --config p.json <odd.jwt | grep -c '^token_'"
head -c 9000 /dev/zero | tr '\0' 'a' >long.jwt
check 'too long' 1 'token_too_long' with long.jwt at 1
check 'no line' 2 'wims: nothing on standard input.*' with /dev/null at 1
check 'JWK set' 0 'ok exp=1000600 iss=https://wwsf.test sub=u1' with good.jwt "$wims" token verify --jwks es.json --now 1000000
check 'JWK set, expired' 1 'token_expired' with good.jwt "$wims" token verify --jwks es.json --now 1000660
check 'JWK set, other key' 1 'key_unknown' with good.jwt "$wims" token verify --jwks ed.json --now 1000000
check 'signature only' 0 'ok' with late.jwt "$wims" token verify --jwks es.json --signature-only
check 'signature only, forged' 1 'signature_bad' with forged.jwt "$wims" token verify --jwks es.json --signature-only
check 'signature only, config' 0 'ok wwsf=one' with late.jwt "$wims" token verify --config p.json --signature-only
check 'config and set' 2 '.*one of --config and --jwks.*' with good.jwt "$wims" token verify --config p.json --jwks es.json
check 'neither' 2 '.*one of --config and --jwks.*' with good.jwt "$wims" token verify
check 'broken config' 2 'bad.json: .*' with good.jwt "$wims" token verify --config bad.json
check 'time that is none' 2 'wims: --now yesterday: .*' with good.jwt at yesterday
check 'set that is none' 2 'wims: es.pem: line 1.*' with good.jwt "$wims" token verify --jwks es.pem

# a payload that is no JSON: RFC 7515 lets it be anything
raw() {
  local head
  head=$(printf '{"alg":"EdDSA","kid":"ed"}' | base64 -w0 | tr '+/' '-_' | tr -d '=').aGk
  printf '%s' "$head" >raw.in
  printf '%s.%s\n' "$head" \
    "$(openssl pkeyutl -sign -rawin -inkey ed.pem -in raw.in | base64 -w0 | tr '+/' '-_' | tr -d '=')"
}
raw >raw.jwt
check 'EdDSA, any payload' 0 'ok' with raw.jwt "$wims" token verify --jwks ed.json --signature-only
check 'any payload, as a token' 1 'token_json' with raw.jwt "$wims" token verify --jwks ed.json

# a token with HMAC: libjwt is not let make one
hmac() { # secret
  local head body
  head=$(printf '{"alg":"HS256","kid":"hs"}' | base64 -w0 | tr '+/' '-_' | tr -d '=')
  body=$(cut -d. -f2 good.jwt)
  printf '%s.%s.%s\n' "$head" "$body" "$(printf '%s' "$head.$body" |
    openssl dgst -sha256 -mac HMAC -macopt "key:$1" -binary | base64 -w0 | tr '+/' '-_' | tr -d '=')"
}
secret=0123456789abcdefghijklmnopqrstuv
printf '{"kty":"oct","kid":"hs","k":"%s"}\n' "$(printf %s "$secret" | base64 -w0 | tr -d '=')" >hs.json
sed 's/"keys": \[.*\]/"algorithms": ["HS256"], "keys": {"jwks_file": "hs.json"}/' p.json >hs-p.json
hmac "$secret" >hs.jwt
hmac "$(cat es.pem)" >pem.jwt
check 'HMAC, asked for' 0 "$ok wwsf=one .*" with hs.jwt "$wims" token verify --config hs-p.json --now 1000000
check 'HMAC, not asked for' 1 'key_unknown' with hs.jwt at 1000000
check 'HMAC with a PEM text' 1 'signature_bad' with pem.jwt "$wims" token verify --config hs-p.json --now 1000000
check 'HMAC in a bare set' 2 'wims: hs.json: key 0: no key for an allowed algorithm' with hs.jwt "$wims" token verify --jwks hs.json

# claims by path, and required ones
sed 's/"domain": "ims.test",/& "claims": {"impu": "ims.impu"}, "required_claims": {"tenant": ["t1", "t2"]}, "wwsf_id": "web",/' \
  p.json >claims-p.json
mint nested --claim-json 'ims={"impu":["sip:alice@ims.test"]}' --claim tenant=t2 --claim azp=web
mint tenant --claim-json 'ims={"impu":["sip:alice@ims.test"]}' --claim tenant=t3 --client-id web
mint client --claim-json 'ims={"impu":["sip:alice@ims.test"]}' --claim tenant=t1 --client-id shop
check 'nested claim' 0 "$ok wwsf=one .* client_id=web .*" with nested.jwt "$wims" token verify --config claims-p.json --now 1000000
check 'required claim' 1 'claim_value' with tenant.jwt "$wims" token verify --config claims-p.json --now 1000000
check 'WWSF identity' 1 'wwsf_mismatch' with client.jwt "$wims" token verify --config claims-p.json --now 1000000

# --- mint and inspect ---
check 'inspect says so' 0 'NOT VERIFIED: .*' with good.jwt "$wims" token inspect
check 'inspect header' 0 ' +header +\{"alg":"ES256","kid":"es","typ":"JWT"\}' with good.jwt "$wims" token inspect
check 'inspect time' 0 ' +exp +1970-01-12T13:56:40Z, [0-9]+ s ago' with good.jwt "$wims" token inspect
printf '%s.%s.x\n' "$(printf '{"a":"\033[31m\r"}' | base64 -w0 | tr -d '=')" '!!' >hostile.jwt
check 'inspect escapes' 0 ' +header +\{"a":"\\x1b\[31m\\x0d"\}' with hostile.jwt "$wims" token inspect
check 'inspect bad base64' 0 ' +payload +not base64url: !!' with hostile.jwt "$wims" token inspect
check 'inspect two parts' 1 ' +not a compact JWS: .*' with <(echo a.b) "$wims" token inspect
check 'mint claims' 0 '.*"n":\{"a":\[1,null\]\},"sub":"u1","t":"x=y"\}' bash -c \
  "'$wims' token mint --key es.pem --sub u1 --no-iat --claim t=x=y --claim-json 'n={\"a\":[1,null]}' | '$wims' token inspect"
check 'mint replaces' 0 '.*"sub":7\}' bash -c "'$wims' token mint --key es.pem --sub u1 --no-iat --claim-json sub=7 | '$wims' token inspect"
each() { # LINES OPTION...: the claims of all tokens, one line
  printf '%b' "$1" | "$wims" token mint --each --key es.pem --no-iat "${@:2}" | "$wims" token inspect | tr -d '\n'
}
check 'mint each' 0 '.*"impu":"sip:a@b","sub":"a-1".*"impu":"sip:c d@b","sub":"c d-2"\}' \
  each 'a\nc d\n' --impu 'sip:{line}@b' --sub '{line}-{n}'
check 'mint each as it is' 0 '.*"c":\{\},"sub":"\{lin"\}' each 'a\n' --sub '{lin' --claim-json 'c={}'
check 'mint each too long' 2 'wims: line 1: longer .*' bash -c "head -c 1025 /dev/zero | tr '\0' x | '$wims' token mint --each --key es.pem"
check 'mint each of nothing' 2 'wims: nothing on standard input.*' bash -c "'$wims' token mint --each --key es.pem </dev/null"
check 'mint bad JSON' 2 'wims: a=\{: no JSON.*' "$wims" token mint --key es.pem --claim-json 'a={'
check 'mint bad claim' 2 'wims: --claim x: .*' "$wims" token mint --key es.pem --claim x
check 'mint without key' 2 '.*--key is needed' "$wims" token mint
check 'mint no key' 2 'wims: --key: no private key.*' "$wims" token mint --key es.json
check 'mint HS256' 2 'wims: --alg: libjwt signs with.*' "$wims" token mint --key es.pem --alg HS256
check 'mint none' 2 'wims: --alg: libjwt signs with.*' "$wims" token mint --key es.pem --alg none
check 'mint wrong key' 2 '.*does the key fit RS256\?' "$wims" token mint --key es.pem --alg RS256

# --- fetch; a server is asked in 18-fetch ---
check 'fetch http' 1 'bad_url: must be https://host.*' "$wims" fetch http://wwsf.test/jwks
check 'fetch with a user' 1 'bad_url: .*' "$wims" fetch https://me:pw@wwsf.test/jwks
check 'fetch nobody' 1 'connect: .*' "$wims" fetch https://localhost:1/jwks
check 'fetch without URL' 2 '.*needs URL.*' "$wims" fetch
check 'serve ends with its input' 0 'status 0' bash -c "'$wims' fetch serve </dev/null && echo status 0"
check 'serve of nonsense' 2 'wims: fetch serve: standard input is not what .*' bash -c "echo nonsense | '$wims' fetch serve"

# --- the tool ---
check 'help' 0 '  token verify .*' "$wims" --help
check 'no command' 2 'usage: wims COMMAND.*' "$wims"
check 'bad command' 2 'wims: no such command: tokens' "$wims" tokens verify
check 'bad option' 2 'wims: outcomes: has no option --html; .*' "$wims" outcomes --html
check 'option without value' 2 'wims: token verify: needs a value for --now; .*' "$wims" token verify --now
check 'operand too many' 2 '.*does not know what to do with b;.*' "$wims" config check a b
for command in 'token mint' 'token verify' 'token inspect' 'config check' 'key generate' 'range match' outcomes fetch 'fetch serve'; do
  # shellcheck disable=SC2086 # a command of two words
  check "help of $command" 0 "usage: wims $command.*" "$wims" $command --help
done
check 'outcomes' 0 'flow_gone 430 Flow Failed' "$wims" outcomes
check 'full disk' 2 'wims: standard output cannot be written' bash -c "'$wims' outcomes >/dev/full"

# --- ranges ---
cat >ranges <<'END'
# comment

sip:web-![0-9]{4}!@ims.test     shop
+15550000..+15559999 bank
sip:x!((a*)*b)*!@ims.test
END
ranges() {
  printf '%s\n' "$1" >identity
  shift
  "$wims" range match "$@" <identity
}
check 'range' 0 'match line=3 owner=shop range=sip:web-!\[0-9\]\{4\}!@ims\.test' ranges 'SIP:web-0042@IMS.test:5060;lr' ranges
check 'block' 0 'match line=4 owner=bank range=\+15550000\.\.\+15559999' ranges tel:+1-555-4711 ranges
check 'no range' 1 'none' ranges sip:web-42@ims.test ranges
check 'given up' 1 'none limited' ranges sip:xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac@ims.test ranges
check 'no identity' 1 'uri_bad' ranges alice ranges
check 'one pattern' 0 'match range=sip:!a\.\*!@ims\.test' ranges sip:a1@ims.test 'sip:!a.*!@ims.test'
check 'pattern refused' 1 'sip:a!b\*\*!@ims\.test: byte 8: a repetition of a repetition needs parentheses' ranges sip:a@ims.test 'sip:a!b**!@ims.test'
check 'other domain' 1 '.*: byte 0: of another host; allowed: the domain of its owner' ranges sip:a@ims.test --domain two.test 'sip:a!b!@ims.test'
echo 'sip:web-!.*!7@ims.test bank' >>ranges
check 'overlap' 1 'ranges: line 6: sip:web-!\.\*!7@ims\.test of bank: .* overlap.*: line 3: sip:web-!.*!@ims\.test of shop' ranges sip:a@ims.test ranges
check 'no ranges file' 2 'wims: none: No such file or directory' ranges sip:a@ims.test none

# --- the documents ---
# shellcheck disable=SC2016 # the backquotes are the table's
check 'outcomes, table' 0 '\| `flow_gone` \| 430 Flow Failed \| - \| - \|' "$wims" outcomes --markdown
"$wims" outcomes --markdown >outcomes.md
check 'docs/outcomes.md is current' 0 'same' bash -c "diff outcomes.md '$top/docs/outcomes.md' && echo same"
check 'example is good' 0 '.*: ok, 2 WWSFs' "$wims" config check "$top/docs/examples/provisioning.json"

# Every member that the reader knows has its row in the table.
undocumented() {
  local name
  sed -nE 's/^\t\{"([a-z_]+)",.*/\1/p' "$top"/modules/webrtc_ims/lib/provision/wims_{provision,wwsf_read,keys_read}.c |
    while read -r name; do
      # shellcheck disable=SC2016 # the backquotes are the table's
      grep -qF -- "\`$name\`" "$top/docs/provisioning.md" || echo "no $name"
    done
  echo 'done'
}
check 'docs/provisioning.md is complete' 0 'done' bash -c "$(declare -f undocumented); top='$top'; undocumented | paste -sd' '"

printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
