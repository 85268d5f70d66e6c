#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"
# shellcheck source=tests/integration/lib/eicscf.sh
. "$TOP/tests/integration/lib/eicscf.sh"

diameter_open() {
  rpc "$1" cdp.list_peers | grep -Eq "State: *[IR]_Open"
}

python3 "$CASE_DIR/zone.py" "$TOP/docs/examples/dns/ims.test.zone"
ports shim.sip
FRONT=127.0.0.1:${PORT[shim.sip]} start_core
start_redis r single
make_range_wwsf '[
  {"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"},
  {"range": "sip:range4-!.*!@ims.test", "pilot": "sip:range4@ims.test", "impi": "range4@ims.test",
   "allocate": {"pattern": "sip:range4-{0..9}@ims.test"}, "users": ["*@block.test"]}]'
start_node edge 1 "REGISTRAR=$REDIS_ADDRESS"

refuse_eicscf odd 'registrar=shm: must be a Redis with role=icscf' REGISTRAR=shm
SITE_TAIL='modparam("webrtc_ims", "mw_address", "127.0.0.1:5060")' \
  refuse_eicscf odd 'mw_address=127.0.0.1:5060: must be empty with role=icscf'
refuse_eicscf odd 'modparam core_networks=10.0.0.0/: .*must be networks' CORE_NETWORKS=10.0.0.0/
SITE_TAIL='modparam("webrtc_ims", "role", "scscf")' refuse_eicscf odd 'role=scscf: must be epcscf or icscf'
SITE_TAIL='loadmodule "xhttp.so"
loadmodule "websocket.so"' refuse_eicscf odd 'websocket module is loaded: with role=icscf there are no WICs'
SITE_TAIL='loadmodule "tls.so"' refuse_eicscf odd 'tls is not loaded before webrtc_ims'

note 'a user of Redis that only reads'
printf 's3cret\n' >"$RUN_DIR/redis-password"
chmod 600 "$RUN_DIR/redis-password"
read -r -a user < <(sed -n "s/#SHA256_OF_ITS_PASSWORD/>s3cret/; s/^user eicscf/eicscf/p" "$TOP/docs/examples/redis/users.acl")
expect_eq "$(redis r cli r1 ACL SETUSER "${user[@]}")" OK 'the user of an eI-CSCF'
said=$(REDIS_CLI_USER=eicscf REDISCLI_AUTH=s3cret redis r cli r1 EVAL 'return redis.call("SET", KEYS[1], "1")' 1 wims:x 2>&1 || true)
[[ $said == *"can't run this command"* ]] || fail "that user writes: $said"
EICSCF_VALUES=(REDIS_USER=eicscf "REDIS_PASSWORD_FILE=$RUN_DIR/redis-password")

start_eicscf shim
start_eicscf strict WITH_REJECT_WHEN_AWAY= ASK_ABOUT=a.test,ims.test
start_eicscf elsewhere ASK_ABOUT=other.test
ports tap.icscf
start_eicscf tap CORE_TIMEOUT_MS=1000 CORE_NETWORKS=127.0.0.0/24 "I_CSCF=sip:127.0.0.1:${PORT[tap.icscf]}"
start_eicscf_kemi kemi "$CASE_DIR/kemi.js"
run_nodes shim.py "SHIM=${PORT[shim.sip]}" "STRICT=${PORT[strict.sip]}" "ELSEWHERE=${PORT[elsewhere.sip]}" \
  "KEMI=${PORT[kemi.sip]}" "TAP=${PORT[tap.sip]}" "TAP_ICSCF=${PORT[tap.icscf]}"
expect_log shim 'the registrar is away: registrar_away'
expect_log shim 'the registrar is back'

core end icscf
EICSCF_SHAPE=icscf start_eicscf own
wait_for 10 'the HSS' diameter_open own
run_nodes icscf.py
for name in shim strict elsewhere tap kemi own; do
  refuse_log "$name" 'CRITICAL|ERROR: (core|tm|<script>)'
  stop "$name"
done
