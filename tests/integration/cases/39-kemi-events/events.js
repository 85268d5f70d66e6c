// SPDX-License-Identifier: GPL-2.0-or-later
// What runs in place of event routes. (The engine knows ECMAScript 5.)

/* global KSR */
function ksr_request_route() { // eslint-disable-line no-unused-vars
  return 1;
}

function on_event(name) { // eslint-disable-line no-unused-vars
  KSR.info('told of ' + name + ': wwsf=' + KSR.pv.gete('$wims(wwsf)') + ' reason=' + KSR.pv.gete('$wims(reason)')
    + ' impu=' + KSR.pv.gete('$wims(impu)') + ' connection=' + KSR.pv.get('$wims(connection)') + '\n');
  return 1;
}
