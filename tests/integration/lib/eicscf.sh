# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The eI-CSCF of a case: the routing script that ships, with site values of the case.

# start_eicscf NAME [VALUE=...]: kamailio-cfg/eicscf.cfg; a VALUE is one of
# kamailio-cfg/eicscf-site.cfg. It listens on ${PORT[NAME.sip]} of 127.0.0.1, and asks
# $REDIS_ADDRESS. In front of the core's I-CSCF; with EICSCF_SHAPE=icscf in its place.
start_eicscf() {
  eicscf_file "$@" >"$RUN_DIR/$1.cfg"
  start_kamailio "$1" "$RUN_DIR/$1.cfg"
}

# Values of all eI-CSCFs of the case.
EICSCF_VALUES=()

# refuse_eicscf NAME REGEX [VALUE=...]: it must not start, and say why
refuse_eicscf() {
  local name=$1 regex=$2
  shift 2
  eicscf_file "$name" "$@" >"$RUN_DIR/$name.cfg"
  refuse_start "$name" "$regex" "$RUN_DIR/$name.cfg"
}

# start_eicscf_kemi NAME SCRIPT [VALUE=...]: its settings and modules, and a SCRIPT in
# JavaScript in place of the routes
start_eicscf_kemi() {
  local name=$1
  local SITE_TAIL="loadmodule \"app_jsdt.so\"
modparam(\"app_jsdt\", \"load\", \"$2\")
cfgengine \"jsdt\""
  shift 2
  eicscf_file "$name" "$@" >"$RUN_DIR/$name.cfg"
  sed -i "s|^include_file \"\(.*\)/eicscf.cfg\"|include_file \"\1/eicscf-site.cfg\"\ninclude_file \"\1/eicscf-modules.cfg\"|" \
    "$RUN_DIR/$name.cfg"
  start_kamailio "$name" "$RUN_DIR/$name.cfg"
}

eicscf_file() {
  local name=$1 key at=${ICSCF:-}
  shift
  if [[ ${EICSCF_SHAPE:-shim} == shim ]]; then
    [[ -n ${PORT[$name.sip]:-} ]] || ports "$name.sip"
    at=127.0.0.1:${PORT[$name.sip]}
  fi
  local -A site=(
    [LISTEN_MW_UDP]=udp:$at [LISTEN_MW_TCP]=tcp:$at [I_CSCF]=sip:${ICSCF:-127.0.0.1:9}
    [PROVISIONING]=${PROVISIONING:-} [REGISTRAR]=${REDIS_ADDRESS:-redis:127.0.0.1:9}
    [CDP_CONFIG]=$RUN_DIR/core/etc/icscf.xml [ICSCF_TABLES]=text://$RUN_DIR/core/etc/db
    [RPC_SOCKET]=unix:$RUN_DIR/run/$name.ctl [SIP_WORKERS]=2 [TCP_WORKERS]=1
    [WEBRTC_IMS_SO]=$TOP/build/webrtc_ims.so
  )
  for key in "${EICSCF_VALUES[@]}" "$@"; do
    site[${key%%=*}]=${key#*=}
  done
  echo '#!KAMAILIO'
  [[ ${EICSCF_SHAPE:-shim} == shim ]] || echo '#!define WITH_ICSCF'
  for key in "${!site[@]}"; do
    site_value "$key" "${site[$key]}"
  done
  echo "include_file \"$TOP/kamailio-cfg/eicscf.cfg\""
  printf '%s\n' "${SITE_TAIL:-}"
}
