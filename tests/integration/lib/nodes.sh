# shellcheck shell=bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Several eP-CSCFs of one operator: each has an address of its own on Mw, and all
# share the keys of flow tokens. The core is 127.0.0.x, they are 127.0.1.x.

# The core of the case must take their REGISTERs.
export EPCSCF_ADDRS=127.0.0.1,127.0.1.1,127.0.1.2,127.0.1.3
NODES=()

# start_node NAME NUMBER [VALUE=...]: node NUMBER, with values of the site as for
# start_epcscf. Once more after "stop": the same node, started again.
start_node() {
  local name=$1 number=$2 mw
  shift 2
  [[ -s $RUN_DIR/flow.keys ]] || echo "1:$(openssl rand -hex 32)" >"$RUN_DIR/flow.keys"
  if [[ -z ${PORT[$name.wss]:-} ]]; then
    ports "$name.wss" "$name.mw"
    NODES+=("$number $name ${PORT[$name.wss]} ${PORT[$name.mw]}")
  fi
  mw=127.0.1.$number:${PORT[$name.mw]}
  start_epcscf "$name" "PROVISIONING=$PROVISIONING" "NODE_ID=$number" "MW_ADDRESS=$mw" \
    "LISTEN_MW_UDP=udp:$mw" "LISTEN_MW_TCP=tcp:$mw" "FLOW_KEY_FILE=$RUN_DIR/flow.keys" \
    CORE_NETWORKS=127.0.0.0/24 PEER_NETWORKS=127.0.1.0/24 "$@"
}

# run_nodes FILE [VALUE=...]: run_scene with all nodes; the first one is "edge"
run_nodes() {
  local file=$1 list
  shift
  printf -v list '%s\n' "${NODES[@]}"
  run_scene "$file" "SCENE_NODES=$list" "$@"
}
