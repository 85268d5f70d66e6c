// SPDX-License-Identifier: GPL-2.0-or-later
// Watches a page's WebSockets from inside the page, whichever SIP library it uses.

/** To be run in the page before the page's own scripts. */
export function spy() {
  const sockets = [];
  const closes = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
      this.addEventListener('close', ({ code, reason, wasClean }) => closes.push({ code, reason, wasClean, at: Date.now() }));
    }
  };
  const tokens = new Set();
  let instance = null;
  const { send } = globalThis.WebSocket.prototype;
  globalThis.WebSocket.prototype.send = function sendAndNote(data) {
    if (/^REGISTER /.test(data)) {
      tokens.add(/\r\nAuthorization: Bearer (\S+)/.exec(data)?.[1]);
      instance = /\+sip\.instance="<([^>]+)>"/.exec(data)?.[1] ?? null;
    }
    return send.call(this, data);
  };
  globalThis.spy = {
    look: () => ({
      sockets: sockets.length,
      open: sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length,
      tokens: tokens.size,
      instance,
      closes,
    }),
    cut: () => sockets.at(-1).close(4000, 'cut by the check'),
  };
}

/** {sockets, open: WebSockets; tokens: different ones in REGISTERs; instance: the last +sip.instance; closes: close
 *  events, `at` in ms} since the page loaded. */
export const look = (wic) => wic.page.evaluate(() => globalThis.spy.look());
