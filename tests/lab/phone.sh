# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Media of the lab, for lab.sh to source: with MEDIA set, rtpengine between WebRTC and IMS, and a plain SIP phone in
# the core that sends back what it hears.

readonly ECHO_USER=dora

media_parameters() { # offset
  RTPENGINE_NG=${LAB_RTPENGINE_NG:-$((15080 + $1))}
  RTPENGINE_CLI=${LAB_RTPENGINE_CLI:-$((15081 + $1))}
  PHONE_PORT=${LAB_PHONE_PORT:-$((15082 + $1))}
  PHONE_MEDIA=${LAB_PHONE_MEDIA:-$((15084 + $1))}
  export RTPENGINE_NG RTPENGINE_CLI
}

media_env() {
  [[ -n ${MEDIA:-} ]] || return 0
  echo "RTPENGINE_DIR=$DIR/rtpengine"
  echo "ECHO_IDENTITY=$ECHO_USER"
}

start_media() {
  [[ -n ${MEDIA:-} ]] || return 0
  "$HERE/rtpengine.sh" "$DIR/rtpengine" start
  EPCSCF_SITE+=("RTPENGINE=$("$HERE/rtpengine.sh" "$DIR/rtpengine" address)")
}

stop_media() {
  [[ ! -d $DIR/rtpengine ]] || "$HERE/rtpengine.sh" "$DIR/rtpengine" end
}

udp_bound() { [[ -n $(ss -Hunl "sport = :$1") ]]; }

start_phone() {
  [[ -n ${MEDIA:-} && -n ${CORE_DIR:-} ]] || return 0
  mkdir -p "$DIR/phone"
  python3 -B "$HERE/phone.py" "$MW" "$ECHO_USER@$DOMAIN" "$PHONE_PORT" >"$DIR/phone/service-route"
  spawn "$DIR/phone/phone.pid" "$DIR/phone/phone.log" sipp -sf "$HERE/../../sipp-scenarios/core_phone_called.xml" \
    -i 127.0.0.1 -p "$PHONE_PORT" -mp "$PHONE_MEDIA" -rtp_echo -nostdin
  await_ready "$DIR/phone/phone.pid" "$DIR/phone/phone.log" udp_bound "$PHONE_PORT"
}

stop_phone() { end_process "$DIR/phone/phone.pid"; }
