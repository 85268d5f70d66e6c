# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A storm of WSS clients against the routing script as it ships.

STORM_USERS=50
# What may be left of shared memory. The module's own: tables that have grown.
# All: Kamailio 5.6.3 never frees a connection that somebody sends to in the
# moment in which tcp main closes it (tcpconn_put() drops the last reference and
# no more), some 100 KB each; a storm finds one in about 500 clients.
STORM_OWN_KB=256
STORM_BYTES_A_CLIENT=1024

# storm_server [VALUE=...]: the eP-CSCF "edge" before a core that grants every
# REGISTER, and tokens for all users
storm_server() {
  local i
  ports core
  start_kamailio core "$TOP/tests/integration/lib/grant.cfg" -A "PORT=${PORT[core]}"
  make_wwsf dereg_grace=1
  for ((i = 0; i < STORM_USERS; i++)); do
    mint "user$i" --exp-in 3600
  done >"$RUN_DIR/tokens"
  SHM_MB=${STORM_SHM_MB:-768} start_epcscf edge "PROVISIONING=$PROVISIONING" "MW_NEXT_HOP=sip:127.0.0.1:${PORT[core]}" \
    SIP_WORKERS=2 MAX_WICS=500 WICS_PER_ADDRESS=0 HANDSHAKES_PER_ADDRESS=1000000 \
    LOG_LEVEL=0 "$@"
}

# storm CLIENTS [OPTION...]: the exit status is storm.py's
storm() {
  local clients=$1
  shift
  "$TOP/tests/tools/storm.py" "127.0.0.1:${PORT[edge.wss]}" --ca "$RUN_DIR/tls/ca.pem" --name localhost \
    --origin "$WWSF_ORIGIN" --token-file "$RUN_DIR/tokens" --users "$STORM_USERS" \
    --log "$RUN_DIR/log/edge.log" --count "$clients" "$@" {PORT_LOCK}>&-
}

shm_used_kb() {
  rpc edge core.shmmem | awk '$1 == "used:" { print int($2 / 1024) }'
}

shm_peak_kb() {
  rpc edge core.shmmem | awk '$1 == "max_used:" { print int($2 / 1024) }'
}

flow_table_is_empty() {
  ! rpc edge webrtc_ims.stats | grep -E '(connections|bindings|waiting|pending|calls): [1-9]' | grep -qv max_
}

own_shm_kb() {
  rpc edge mod.stats webrtc_ims shm | awk '$1 == "Total:" { print int($2 / 1024) }'
}

lost_connections() {
  rpc edge mod.stats core shm | awk '$1 ~ /^tcpconn_new/ { print int($2 / 33000) }'
}

# Closed WebSockets and ended transactions keep some memory for seconds.
at_most() {
  (($($1) <= $2))
}

# survive_storm CLIENTS [OPTION...]: nobody dies, all good clients are served, nothing is left
survive_storm() {
  local own all own_most all_most
  own=$(own_shm_kb)
  all=$(shm_used_kb)
  own_most=$((own + STORM_OWN_KB))
  all_most=$((all + $1 * STORM_BYTES_A_CLIENT / 1024))
  note "a storm of $1 clients"
  storm "$@"
  wait_for 20 'empty flow table' flow_table_is_empty
  poll 30 at_most own_shm_kb "$own_most" || true
  poll 30 at_most shm_used_kb "$all_most" || true
  note "shared memory: $all KB before, $(shm_peak_kb) KB at most, $(shm_used_kb) KB after;" \
    "connections that Kamailio lost: $(lost_connections)"
  note "of these the module's own: $own KB before, $(own_shm_kb) KB after"
  at_most own_shm_kb "$own_most" || fail "the module holds $(own_shm_kb) KB, at most $own_most expected"
  at_most shm_used_kb "$all_most" || fail "$(shm_used_kb) KB are in use, at most $all_most expected"
  refuse_log edge 'CRITICAL|BUG'
  rpc edge webrtc_ims.stats
}
