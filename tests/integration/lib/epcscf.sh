# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The eP-CSCF of a case: the routing script that ships, with site values of the
# case. There is no second copy of a route anywhere in the tests.

# start_epcscf NAME [VALUE=...]: kamailio-cfg/kamailio.cfg; a VALUE is one of
# kamailio-cfg/site.cfg. PROVISIONING must be given. Ports: ${PORT[NAME.wss]},
# ${PORT[NAME.mw]}. Options of Kamailio: the array KAMAILIO_OPTIONS. Lines for
# the end of the configuration, such as modparams that are no site value:
# SITE_TAIL. Another build of the module: WEBRTC_IMS_SO in the environment.
start_epcscf() {
  site_file "$@" >"$RUN_DIR/$1.cfg"
  start_kamailio "$1" "$RUN_DIR/$1.cfg" "${KAMAILIO_OPTIONS[@]}"
}

# refuse_epcscf NAME REGEX [VALUE=...]: it must not start, and say why
refuse_epcscf() {
  local name=$1 regex=$2
  shift 2
  site_file "$name" "$@" >"$RUN_DIR/$name.cfg"
  refuse_start "$name" "$regex" "$RUN_DIR/$name.cfg" "${KAMAILIO_OPTIONS[@]}"
}

# start_kemi NAME SCRIPT [VALUE=...]: settings and modules as they ship, and in
# place of the routes a SCRIPT in JavaScript; its function handshake is called
# for each HTTP request
start_kemi() {
  local name=$1
  local SITE_TAIL="loadmodule \"app_jsdt.so\"
modparam(\"app_jsdt\", \"load\", \"$2\")
modparam(\"xhttp\", \"event_callback\", \"handshake\")
cfgengine \"jsdt\"
${SITE_TAIL:-}"
  shift 2
  site_file "$name" "$@" >"$RUN_DIR/$name.cfg"
  sed -i "s|^include_file \"\(.*\)/kamailio.cfg\"|include_file \"\1/site.cfg\"\ninclude_file \"\1/modules.cfg\"|" \
    "$RUN_DIR/$name.cfg"
  start_kamailio "$name" "$RUN_DIR/$name.cfg"
}

KAMAILIO_OPTIONS=()

# What differs from the shipped site values in every case, unless it says otherwise. A
# machine that is busy with tests is no overloaded node; WICs of a case ask as fast as they
# can, come from one address, and may be slow.
CASE_VALUES=(OVERLOAD_WORK=100 OVERLOAD_MEMORY=100 MAX_WICS=50 SIP_WORKERS=2 WSS_WORKERS=2
  REQUESTS_PER_WIC=0 BAN_STRIKES=0 HANDSHAKE_TIMEOUT=60 UNREGISTERED_TIMEOUT=32)

# The lab's certificate, once a case: $RUN_DIR/tls/{ca.pem,server.pem,server.key}
certificates() {
  [[ -s $RUN_DIR/tls/server.pem ]] || "$TOP/tests/lab/certs.sh" "$RUN_DIR/tls" >"$RUN_DIR/log/certs.log"
}

site_file() {
  local name=$1 key mw
  shift
  certificates
  [[ -n ${PORT[$name.wss]:-} ]] || ports "$name.wss" "$name.mw"
  mw=127.0.0.1:${PORT[$name.mw]}
  local -A site=(
    [LISTEN_WSS]=tls:127.0.0.1:${PORT[$name.wss]}
    [LISTEN_MW_UDP]=udp:$mw [LISTEN_MW_TCP]=tcp:$mw [MW_ADDRESS]=$mw
    [MW_NEXT_HOP]=sip:${ICSCF:-127.0.0.1:$((PORT_BASE + 9))}
    [TLS_CERTIFICATE]=$RUN_DIR/tls/server.pem [TLS_PRIVATE_KEY]=$RUN_DIR/tls/server.key
    [RPC_SOCKET]=unix:$RUN_DIR/run/$name.ctl [FETCH_PROGRAM]=$TOP/build/bin/wims
    [WEBRTC_IMS_SO]=${WEBRTC_IMS_SO:-$TOP/build/webrtc_ims.so}
  )
  for key in "${CASE_VALUES[@]}" "$@"; do
    site[${key%%=*}]=${key#*=}
  done
  echo '#!KAMAILIO'
  for key in "${!site[@]}"; do
    site_value "$key" "${site[$key]}"
  done
  echo "include_file \"$TOP/kamailio-cfg/kamailio.cfg\""
  printf '%s\n' "${SITE_TAIL:-}"
}

# A number is a number to the script, a text is put into strings too; WITH_LADDER and
# its like are switches.
site_value() {
  if [[ $2 =~ ^[0-9]+$ || $1 == WITH_* ]]; then
    echo "#!define $1 $2"
  else
    echo "#!substdef \"!$1!$2!g\""
  fi
}
