// SPDX-License-Identifier: GPL-2.0-or-later
// One page, two libraries: /sipjs.html is the same page on SIP.js. An integrator keeps one phone-*.js and starts with it.
import { startApp } from './app.js';

const sipJs = location.pathname.endsWith('/sipjs.html');
const other = document.getElementById('other-library');
other.href = sipJs ? './' : 'sipjs.html';
other.textContent = sipJs ? 'Same page on JsSIP' : 'Same page on SIP.js';

if (sipJs) startApp((await import('./phone-sipjs.js')).SipJsPhone);
else startApp((await import('./phone-jssip.js')).JsSipPhone);
