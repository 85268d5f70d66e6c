#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"
# shellcheck source=tests/integration/lib/nodes.sh
. "$TOP/tests/integration/lib/nodes.sh"

EXPECT_DEATH=yes
start_core
make_range_wwsf '[{"range": "sip:range1-!.*!@ims.test", "pilot": "sip:range1@ims.test", "impi": "range1@ims.test"}]' \
  dereg_grace=1
start_redis reg single
SITE_TAIL='modparam("webrtc_ims", "registrar_reconcile", 1)
modparam("webrtc_ims", "max_contacts", 3)'
VALUES=("REGISTRAR=$REDIS_ADDRESS" WSS_WORKERS=1)
SCENE=("REDIS_DIR=$RUN_DIR/redis-reg")
start_node edge 1 "${VALUES[@]}"
run_nodes before.py "${SCENE[@]}"

ports other.wss other.mw
mw=127.0.1.2:${PORT[other.mw]}
refuse_epcscf other 'another node that lives has node_id 1' "PROVISIONING=$PROVISIONING" NODE_ID=1 \
  "MW_ADDRESS=$mw" "LISTEN_MW_UDP=udp:$mw" "LISTEN_MW_TCP=tcp:$mw" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" "${VALUES[@]}"
refuse_epcscf other 'modparam flow_key_file is empty' "PROVISIONING=$PROVISIONING" "${VALUES[@]}"
refuse_epcscf other 'modparam mw_address=localhost:.*: must be IP:port' "PROVISIONING=$PROVISIONING" \
  "MW_ADDRESS=localhost:${PORT[other.mw]}" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" "${VALUES[@]}"
refuse_epcscf other 'modparam registrar=redis:localhost' "PROVISIONING=$PROVISIONING" REGISTRAR=redis:localhost
refuse_epcscf other 'registrar_user=wims: needs registrar_password_file' "PROVISIONING=$PROVISIONING" \
  "FLOW_KEY_FILE=$RUN_DIR/flow.keys" "${VALUES[@]}" REDIS_USER=wims

run_nodes away.py "${SCENE[@]}"
refuse_log edge 'CRITICAL'
refuse_log edge 'shm_str_dup' # of WICs that send no User-Agent
kill -KILL -- "-${PID_OF[edge]}" # all its processes at once, in the grace of what it has
stop edge KILL || true
mv "$RUN_DIR/log/edge.log" "$RUN_DIR/log/before.log"
SITE_TAIL='modparam("webrtc_ims", "registrar_reconcile", 3600)' # what is found did not wait for that
start_node edge 1 "${VALUES[@]}"
run_nodes after.py "${SCENE[@]}"
refuse_log edge 'CRITICAL' # before the end: processes of Kamailio may meet that of another one
stop edge
expect_eq "$(redis reg cli r1 EXISTS 'wims:{nodes}:beat')" 0 'nodes after a clean stop'

note 'start and stop while Redis is frozen'
redis reg freeze r1
mv "$RUN_DIR/log/edge.log" "$RUN_DIR/log/after.log"
start_node edge 1 "${VALUES[@]}"
expect_log edge 'the registrar does not answer, REGISTERs in ranges will be refused'
refuse_log edge 'CRITICAL'
began=$SECONDS
stop edge
((SECONDS - began <= 9)) || fail "it takes $((SECONDS - began)) s to stop"
expect_eq "$(core leaks)" 0 'tokens that reached the core'
