#!/usr/bin/env bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"

refusals=0

# refuse REGEX [VALUE=...]: the shipped script with these values must not start
refuse() {
  refusals=$((refusals + 1))
  refuse_epcscf "edge$refusals" "ERROR.*$1" "PROVISIONING=$PROVISIONING" "${@:2}"
}

# refuse_modparam NAME VALUE REGEX
refuse_modparam() {
  SITE_TAIL="modparam(\"webrtc_ims\", \"$1\", $2)" refuse "$3"
}

ports edge.wss edge.mw
# One pair of ports serves all: nobody gets so far as to listen.
site_ports() {
  PORT[$1.wss]=${PORT[edge.wss]} PORT[$1.mw]=${PORT[edge.mw]}
}
for i in {1..190}; do
  site_ports "edge$i"
done
make_wwsf 'name="shop"'

note 'numbers, one under and one over the range: all that are wrong are told at once'
under='' over='' names=0
while read -r name low high; do
  names=$((names + 1))
  under+="modparam(\"webrtc_ims\", \"$name\", $((low - 1)))"$'\n'
  over+="modparam(\"webrtc_ims\", \"$name\", $((high + 1)))"$'\n'
  printf 'ERROR.*modparam %s=%d: must be %d\\.\\.%d$\n' "$name" $((low - 1)) "$low" "$high" >>"$RUN_DIR/edge1.wanted"
  printf 'ERROR.*modparam %s=%d: must be %d\\.\\.%d$\n' "$name" $((high + 1)) "$low" "$high" >>"$RUN_DIR/edge2.wanted"
done <<'END'
node_id 0 65535
max_connections 1 1000000
max_connections_per_address 0 1000000
request_rate 0 10000
request_burst 1 100000
ban_strikes 0 100000
ban_window 1 3600
ban_time 1 86400
max_bans 1 1000000
max_bindings 1 1000
max_calls 1 1000
max_expires 60 86400
default_expires 30 86400
min_expires 1 3600
core_min_expires 30 86400
unregistered_timeout 0 3600
handshake_timeout 0 60
close_on_refusal 0 1
emergency_unregistered 0 1
wic_access_network_info 0 1
ims_auth_integrity 0 1
ims_auth_dereg 0 1
allow_plain_ws 0 1
retry_after 1 600
overload_work 10 100
tcp_nice 0 19
overload_memory 50 100
ping_period 2 3600
queue_size 64 1048576
tick_ms 10 100
token_cache_size 0 10000000
max_revocations 1 1000000
max_anonymous 1 1000000
max_token_lookups 1 10000
max_contacts 1 31
unregistered_code 400 499
unknown_code 400 499
max_ranges 1 100000
max_brought_ranges 1 100000
max_range_waits 1 10000
range_wait_ms 100 30000
range_expires 10 604800
range_grace 0 86400
range_confirm 1 600
range_retry_min 1 3600
range_retry_max 1 86400
range_refused 1 86400
range_leave 0 1
reg_event 0 2
reg_event_expires 60 2592000
max_subscriptions 1 1000000
registrar_timeout_ms 20 2000
registrar_beat_ms 100 1500
registrar_reconcile 1 3600
peer_timeout_ms 100 30000
wic_timeout_ms 100 32000
END
SITE_TAIL=$under refuse 'modparam node_id=-1'
SITE_TAIL=$over refuse 'modparam node_id=65536'
for name in edge1 edge2; do
  while read -r wanted; do
    expect_log "$name" "$wanted" 0
  done <"$RUN_DIR/$name.wanted"
done
numbers=$(grep -c 'PARAM_INT, *&wk_params' "$TOP/modules/webrtc_ims/wk_params.c")
expect_eq "$names" "$numbers" 'numbers in the table: each modparam must be there'
note 'one that is wrong'
refuse_modparam tick_ms 9 'modparam tick_ms=9: must be 10\.\.100$'

note 'numbers that do not fit each other'
SITE_TAIL='modparam("webrtc_ims", "min_expires", 900)' refuse \
  'modparams min_expires=900, default_expires=600, max_expires=3600: must not fall'

note 'texts'
refuse_modparam provisioning '""' 'modparam provisioning is empty: must be the path'
refuse_modparam mw_address '""' 'modparam mw_address is empty: must be host:port'
refuse_modparam mw_address '"nowhere"' 'modparam mw_address=nowhere: must be host:port'
refuse_modparam mw_next_hop '""' 'modparam mw_next_hop is empty: must be a SIP URI'
for value in 127.0.0.1:4060 'sip:icscf example'; do
  refuse "modparam mw_next_hop=$value: must be a SIP URI" "MW_NEXT_HOP=$value"
done
for value in 10.0.0.0/ 10.0.0.0/x24 10.0.0.0/255.255.0.0 localhost; do
  refuse "modparam core_networks=$value: .*: must be networks such as" "CORE_NETWORKS=$value"
done
refuse 'modparam peer_networks=10.0.0.1/24: bits behind .*: must be networks such as' PEER_NETWORKS=10.0.0.1/24
refuse 'modparam core_networks is empty: must be networks' CORE_NETWORKS=
refuse_modparam visited_network '""' 'modparam visited_network is empty: must be a token'
refuse_modparam allow_headers '"Two Words"' 'modparam allow_headers=Two Words: '
refuse_modparam ban_exempt '"192.0.2.0/24, 192.0.2.1/24"' 'modparam ban_exempt=.*: bits behind the length are set'
refuse_modparam event_callback '"on_event"' 'modparam event_callback=on_event: must be empty without a KEMI engine'
refuse_modparam provisioning '"/nowhere.json"' '/nowhere\.json: No such file'
refuse_modparam flow_key_file '"/nowhere.keys"' 'flow_key_file /nowhere\.keys: No such file'
refuse_modparam registrar '"memcached:127.0.0.1"' 'modparam registrar=memcached:127\.0\.0\.1: .*must be shm, redis:ADDRESS'
refuse_modparam registrar '"redis:redis.example.org"' 'modparam registrar=redis:redis\.example\.org: '
refuse_modparam registrar '"redis:127.0.0.1:6379"' 'flow_key_file'
refuse_modparam registrar_check '"never"' 'modparam registrar_check=never: must be'
echo '1:short' >"$RUN_DIR/flow.keys"
refuse_modparam flow_key_file "\"$RUN_DIR/flow.keys\"" 'flow_key_file .*/flow\.keys: '
refuse_modparam state_dir '"/nowhere"' 'modparam state_dir=/nowhere: must be .*: No such file'
refuse_modparam state_dir "\"$RUN_DIR/flow.keys\"" 'modparam state_dir=.*/flow\.keys: must be a directory'
mkdir -m 0777 "$RUN_DIR/open"
chmod 0777 "$RUN_DIR/open"
refuse_modparam state_dir "\"$RUN_DIR/open\"" 'modparam state_dir=.*: must not be writable by everybody'

note 'too small for so many WICs'
SHM_MB=64 refuse 'shared memory \(-m\) of 64 MB is too small: must be at least [0-9]+ MB for max_connections=1000' \
  MAX_WICS=1000
refuse 'tcp_max_connections=20 is too small: must be at least max_connections=50' MAX_TCP_CONNECTIONS=20
refuse 'tcp_connection_lifetime=299 is too small: must be at least ping_period=300' TCP_LIFETIME=299 PING_PERIOD=300
refuse 'modparam tm max_inv_lifetime=185000: must be more than fr_inv_timer=185000, timer C' SETUP_MS=185000
refuse 'modparam wic_timeout_ms=0: must be 100\.\.32000' WIC_TIMEOUT_MS=0
(
  ulimit -n 200
  refuse 'open files limit 200 is too small: must be at least 306 for max_connections=50' MAX_OPEN_FILES=200
)
refusals=$((refusals + 1))

note 'tls after webrtc_ims'
cat >"$RUN_DIR/order.cfg" <<END
#!KAMAILIO
debug=2
listen=udp:127.0.0.1:${PORT[edge.mw]}
loadmodule "kex.so"
loadmodule "ctl.so"
modparam("ctl", "binrpc", CTL)
loadmodule "$TOP/build/webrtc_ims.so"
loadmodule "tls.so"
request_route {
	exit;
}
END
refuse_start order 'ERROR.*tls is not loaded before webrtc_ims' "$RUN_DIR/order.cfg"

# refuse_provisioning REGEX [NAME=JSON...]: JSON path, and what is allowed there
refuse_provisioning() {
  make_wwsf 'name="shop"' "${@:2}"
  refuse "$1"
}

note 'provisioning'
file='wwsf/provisioning\.json: '
echo '{"version": 1, "wwsf": [' >"$PROVISIONING"
refuse "$file"'\$.*line'
echo '{"version": 2, "wwsf": []}' >"$PROVISIONING"
refuse "$file"'\$\.version: .*1'
refuse_provisioning "$file"'\$\.wwsf\[0\]: unknown member "isuer"; did you mean "issuer"' 'isuer="https://a.test"'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.scenario: .*web-auth' 'scenario="webauth"'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.origins\[0\]: ' 'origins=["https://wwsf.test/"]'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.algorithms\[0\]: .*RS256' 'algorithms=["none"]'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.dereg_grace: .*0 to 300' 'dereg_grace=301'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.keys' 'keys={"jwks_file": "nowhere.json"}'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.keys' 'keys={"jwks": {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}}'
refuse_provisioning "$file"'\$\.wwsf\[0\]\.keys' 'algorithms=["RS256"]'

# second NAME=JSON...: another WWSF beside shop, like it but for these
second() {
  make_wwsf 'name="shop"'
  add_wwsf 'name="other"' 'domain="ims.test"' 'origins=["https://other.test"]' 'issuer="https://other.test"' \
    'audience="ims.test"' 'keys={"jwks_file": "jwks.json"}' 'impus=["sip:*@other.test"]' \
    'impis=["*@other.test"]' 'domain="other.test"' "$@"
}
second
start_epcscf both "PROVISIONING=$PROVISIONING" TCP_LIFETIME=180
expect_log both 'WARNING.*tcp_connection_lifetime=180 is small for Mw over TCP: .* fr_inv_timer=185000 ms'
expect_rpc both 'name: other' webrtc_ims.wwsf
stop both
second 'name="shop"'
refuse "$file"'\$\.wwsf\[1\]\.name: .*shop'
second "issuer=\"$WWSF_ORIGIN\""
refuse "$file"'\$\.wwsf\[1\]\.issuer: '
second "origins=[\"$WWSF_ORIGIN\"]"
refuse "$file"'\$\.wwsf\[1\]\.origins: .*already'
second 'impus=["sip:alice@ims.test"]'
refuse "$file"'\$\.wwsf\[1\]\.impus\[0\]: .*overlaps'
note "$((refusals + 1)) refusals, each with its reason"
