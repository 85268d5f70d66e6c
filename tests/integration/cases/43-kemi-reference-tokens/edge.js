// SPDX-License-Identifier: GPL-2.0-or-later
// An eP-CSCF that only registers. (The engine knows ECMAScript 5.)

/* global KSR */
var ims = KSR.webrtc_ims;

function refuse() {
  KSR.info('refused: ' + KSR.pv.gete('$wims(reason)') + '\n');
  ims.reply();
}

function ksr_request_route() { // eslint-disable-line no-unused-vars
  if (ims.screen() < 0 || ims.scenario_check() < 0) {
    refuse();
    return;
  }
  switch (ims.token_resolve('by_token')) {
  case 1:
    by_token();
    break;
  case 0: // suspended
    return;
  default:
    refuse();
  }
}

function by_token() {
  if (ims.token_validate() < 0 || ims.identity_check() < 0 || ims.tna_apply() < 0) {
    refuse();
    return;
  }
  KSR.info('by token: ' + KSR.pv.gete('$wims(impu)') + '\n');
  KSR.tm.t_on_reply('answered');
  KSR.tm.t_relay();
}

function answered() { // eslint-disable-line no-unused-vars
  ims.register_reply();
  return 1;
}

function handshake() { // eslint-disable-line no-unused-vars
  if (ims.ws_open() > 0) {
    KSR.websocket.handle_handshake();
  }
  return 1;
}
