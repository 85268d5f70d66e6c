// SPDX-License-Identifier: GPL-2.0-or-later
// An eP-CSCF for the members of a range. (The engine knows ECMAScript 5.)

/* global KSR */
var ims = KSR.webrtc_ims;

function refuse() {
  KSR.info('refused: ' + KSR.pv.gete('$wims(reason)') + '\n');
  ims.reply();
}

function ksr_request_route() { // eslint-disable-line no-unused-vars
  if (KSR.pv.get('$proto') === 'wss') {
    from_wic();
  } else {
    from_core();
  }
}

function from_wic() {
  if (ims.screen() < 0) {
    refuse();
  } else if (KSR.tm.t_check_trans() == 0) {
    return; // a retransmission, or the ACK of a refusal
  } else if (KSR.is_REGISTER()) {
    register();
  } else {
    request_from_wic();
  }
}

function register() {
  if (ims.scenario_check() < 0) {
    refuse();
  } else {
    by_token();
  }
}

// Again from its beginning when the range has been registered meanwhile.
function by_token() {
  if (ims.token_validate() < 0 || ims.identity_check() < 0) {
    refuse();
    return;
  }
  if (ims.registrar_allocate() < 0) {
    refuse();
    return;
  }
  if (KSR.pv.get('$wims(answered)') == 1) {
    return; // a de-REGISTER of a user who has no IMPU
  }
  if (ims.range_match(KSR.pv.gete('$wims(impu)')) > 0) {
    KSR.info('in ' + KSR.pv.gete('$wims(range)') + ' of ' + KSR.pv.gete('$wims(range_wwsf)')
      + ', registrar: ' + KSR.pv.gete('$wims(registrar)') + '\n');
  }
  switch (ims.range_register('by_token')) {
  case 1:
    if (ims.registrar_save() < 0) {
      refuse();
    }
    break;
  case 0: // suspended
    KSR.info('suspended\n');
    break;
  default:
    refuse();
  }
}

function request_from_wic() {
  var good;
  if (KSR.siputils.has_totag() > 0) {
    KSR.rr.loose_route();
    good = ims.indialog();
  } else {
    good = ims.token_check() > 0 ? ims.originate() : -1;
  }
  if (good < 0) {
    refuse();
    return;
  }
  KSR.tm.t_on_reply('answered');
  KSR.tm.t_relay();
}

function from_core() {
  if (KSR.is_CANCEL()) {
    if (KSR.tm.t_check_trans() > 0) {
      KSR.tm.t_relay();
    }
  } else if (KSR.tm.t_check_trans() == 0) {
    return; // as above
  } else if (KSR.pv.get('$rU') === 'regevent') {
    if (ims.reg_notify() < 0) {
      refuse();
    }
  } else if (KSR.siputils.has_totag() > 0) {
    dialog_from_core();
  } else if (ims.for_range() > 0) {
    terminating_in_range();
  } else {
    refuse();
  }
}

function dialog_from_core() {
  KSR.rr.loose_route();
  if (ims.indialog() < 0 || ims.screen_to_wic() < 0) {
    refuse();
    return;
  }
  KSR.tm.t_on_reply('answered');
  KSR.tm.t_relay();
}

function terminating_in_range() {
  if (ims.reject_unregistered() > 0) {
    return;
  }
  if (ims.registrar_lookup() < 0 || ims.screen_to_wic() < 0) {
    refuse();
    return;
  }
  KSR.tm.t_load_contacts();
  KSR.tm.t_next_contacts();
  KSR.tm.t_on_branch('to_one_wic');
  KSR.tm.t_on_reply('answered');
  KSR.tm.t_on_failure('nobody_answered');
  KSR.tm.t_relay();
}

function to_one_wic() { // eslint-disable-line no-unused-vars
  if (ims.branch() < 0) {
    KSR.x.drop();
  }
  return 1;
}

function nobody_answered() { // eslint-disable-line no-unused-vars
  if (KSR.tm.t_branch_timeout() > 0) {
    ims.unreachable();
  }
  return 1;
}

function answered() { // eslint-disable-line no-unused-vars
  ims.dialog_reply();
  return 1;
}

function handshake() { // eslint-disable-line no-unused-vars
  if (ims.ws_open() > 0) {
    KSR.websocket.handle_handshake();
  }
  return 1;
}
