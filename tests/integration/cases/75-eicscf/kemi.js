// Copyright (C) 2026 the webrtc_ims authors
//
// SPDX-License-Identifier: GPL-2.0-or-later
/* global KSR */
var ims = KSR.webrtc_ims;

function tell(name, returned) {
  KSR.hdr.append_to_reply(name + ': ' + returned + ' ' + KSR.pv.get('$wims(reason)') + '\r\n');
}

// What registrar_query says of the Request-URI, and a function that this role has not got.
function ksr_request_route() { // eslint-disable-line no-unused-vars
  tell('X-Query', ims.registrar_query(KSR.pv.get('$ru')));
  tell('X-Other', ims.screen());
  KSR.sl.send_reply(200, 'OK');
}
