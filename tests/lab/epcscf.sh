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
#   LADDER           not empty: one log line a SIP message, for ladder.py

# shellcheck source-path=SCRIPTDIR source=process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

EPCSCF_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
EPCSCF_CFG=${EPCSCF_CFG:-$EPCSCF_TOP/kamailio-cfg/kamailio.cfg}
EPCSCF_MODULE=${EPCSCF_MODULE:-$EPCSCF_TOP/build/webrtc_ims.so}

# kamailio.cfg takes each of these as "#!ifndef NAME ... default"; this file comes before it.
write_site_settings() { # file
  cat >"$1" <<-END
	#!KAMAILIO
	#!define DOMAIN "$DOMAIN"
	#!define VISITED_NETWORK "$DOMAIN"
	#!define WSS_LISTEN tls:$LISTEN:$WSS_PORT
	#!define TLS_CERTIFICATE "$TLS_CERT"
	#!define TLS_PRIVATE_KEY "$TLS_KEY"
	#!define MW_LISTEN_UDP udp:$MW_ADDRESS
	#!define MW_LISTEN_TCP tcp:$MW_ADDRESS
	#!define MW_ADDRESS "$MW_ADDRESS"
	#!define MW_NEXT_HOP "sip:$MW"
	#!define PROVISIONING_FILE "$PROVISIONING"
	#!define WEBRTC_IMS_MODULE "$EPCSCF_MODULE"
	#!define RUN_DIR "$2"
	#!define CTL_SOCKET "unix:$2/ctl"
	#!define JSONRPC_FIFO "$2/rpc.fifo"
	#!define JSONRPC_SOCKET "$2/rpc.sock"
	END
  [[ -z ${LADDER:-} ]] || echo '#!define LADDER' >>"$1"
  echo "include_file \"$EPCSCF_CFG\"" >>"$1"
}

epcscf_answers() { kamcmd -s "unix:$1/run/ctl" core.version >/dev/null 2>&1; }

start_epcscf() { # dir
  local dir=$1
  mkdir -p "$dir/run"
  write_site_settings "$dir/kamailio.cfg" "$dir/run"
  spawn "$dir/run/epcscf.pid" "$dir/epcscf.log" \
    kamailio -f "$dir/kamailio.cfg" -P "$dir/run/kamailio.pid" -w "$dir/run" -m 128 -M 8 -DD -E
  await_ready "$dir/run/epcscf.pid" "$dir/epcscf.log" epcscf_answers "$dir"
}

stop_epcscf() { # dir
  end_process "$1/run/epcscf.pid"
}
