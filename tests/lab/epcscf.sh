# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab's eP-CSCF, for lab.sh to source: start_epcscf DIR, stop_epcscf DIR. All it writes is under DIR.
# Site values, from the caller's variables:
#   DOMAIN           home domain, and visited network
#   LISTEN WSS_PORT  where WICs come in;  TLS_CERT TLS_KEY
#   MW_ADDRESS       host:port of this eP-CSCF on Mw, UDP and TCP
#   MW               host:port of the core's entry point
#   PROVISIONING     the provisioning file
#   MAX_WICS         how many at once; shared memory follows
#   LADDER           not empty: one log line a SIP message, for ladder.py
#   EPCSCF_CFG EPCSCF_MODULE   another routing script or module
#   FLOW_KEYS        keys of the flow tokens that several eP-CSCFs share; made in DIR when not given
# and these arrays:
#   EPCSCF_SITE      more values of site.cfg, NAME=VALUE each
#   EPCSCF_ON        a command in front of kamailio, such as ip netns exec NAME

# shellcheck source-path=SCRIPTDIR source=process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

EPCSCF_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
EPCSCF_CFG=${EPCSCF_CFG:-$EPCSCF_TOP/kamailio-cfg/kamailio.cfg}
EPCSCF_MODULE=${EPCSCF_MODULE:-$EPCSCF_TOP/build/webrtc_ims.so}

[[ -n ${EPCSCF_SITE+set} ]] || EPCSCF_SITE=()
[[ -n ${EPCSCF_ON+set} ]] || EPCSCF_ON=()

substdef() { printf '#!substdef "!%s!%s!g"\n' "$1" "$2"; }

# A number is a number to the script, a text is put into strings too.
site_value() { # NAME=VALUE
  if [[ ${1#*=} =~ ^[0-9]+$ ]]; then
    echo "#!define ${1%%=*} ${1#*=}"
  else
    substdef "${1%%=*}" "${1#*=}"
  fi
}

# kamailio-cfg/site.cfg keeps what is defined before it.
write_site_settings() { # dir
  local value
  echo '#!KAMAILIO'
  substdef DOMAIN "$DOMAIN"
  substdef VISITED_NETWORK "$DOMAIN"
  substdef LISTEN_WSS "tls:$LISTEN:$WSS_PORT"
  substdef TLS_CERTIFICATE "$TLS_CERT"
  substdef TLS_PRIVATE_KEY "$TLS_KEY"
  substdef LISTEN_MW_UDP "udp:$MW_ADDRESS"
  substdef LISTEN_MW_TCP "tcp:$MW_ADDRESS"
  substdef MW_ADDRESS "$MW_ADDRESS"
  substdef MW_NEXT_HOP "sip:$MW"
  substdef PROVISIONING "$PROVISIONING"
  substdef FLOW_KEY_FILE "${FLOW_KEYS:-$1/flow.keys}"
  substdef FETCH_PROGRAM "$EPCSCF_TOP/build/bin/wims"
  substdef RPC_SOCKET "unix:$1/run/ctl"
  substdef WEBRTC_IMS_SO "$EPCSCF_MODULE"
  echo "#!define MAX_WICS $MAX_WICS"
  [[ -z ${LADDER:-} ]] || echo '#!define WITH_LADDER'
  for value in "${EPCSCF_SITE[@]}"; do
    site_value "$value"
  done
  echo "include_file \"$EPCSCF_CFG\""
}

# site.cfg: about 150 KB for each WIC; the rest is Kamailio's own.
shm_megabytes() { echo $((48 + MAX_WICS * 150 / 1024)); }

epcscf_answers() { kamcmd -s "unix:$1/run/ctl" core.version >/dev/null 2>&1; }

flow_keys() { (umask 077 && echo "1:$(openssl rand -hex 32)" >"$1"); } # file

start_epcscf() { # dir
  local dir=$1
  MAX_WICS=${MAX_WICS:-200}
  mkdir -p "$dir/run"
  [[ -n ${FLOW_KEYS:-} ]] || flow_keys "$dir/flow.keys"
  write_site_settings "$dir" >"$dir/kamailio.cfg"
  spawn "$dir/run/epcscf.pid" "$dir/epcscf.log" \
    "${EPCSCF_ON[@]}" kamailio -f "$dir/kamailio.cfg" -P "$dir/run/kamailio.pid" -w "$dir/run" -m "$(shm_megabytes)" -M 8 -DD -E
  await_ready "$dir/run/epcscf.pid" "$dir/epcscf.log" epcscf_answers "$dir"
}

stop_epcscf() { # dir
  end_process "$1/run/epcscf.pid"
}
