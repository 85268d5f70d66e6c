// SPDX-License-Identifier: GPL-2.0-or-later
// Optional: carries WebSocket connections on the WWSF's own port to the eP-CSCF, byte for byte and one to one.
// Why: Firefox remembers an accepted certificate warning per host *and port*. With this, one warning is enough.
import tls from 'node:tls';

const HEAD_MAX = 16384;
const CONNECT_MS = 5000;

function requestHead(req) {
  const lines = [`${req.method} ${req.url} HTTP/1.1`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) lines.push(`${req.rawHeaders[i]}: ${req.rawHeaders[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** `target` is {host, port}; `ca` verifies the eP-CSCF's certificate. Only GET upgrades of /sip are taken. */
export function relayUpgrades(server, target, ca) {
  server.on('upgrade', (req, socket, head) => {
    const text = requestHead(req);
    if (req.url !== '/sip' || req.headers.upgrade?.toLowerCase() !== 'websocket' || text.length > HEAD_MAX) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = tls.connect({ ...target, ca, servername: 'localhost', ALPNProtocols: ['http/1.1'] });
    upstream.setTimeout(CONNECT_MS, () => upstream.destroy());
    upstream.once('secureConnect', () => {
      upstream.setTimeout(0);
      upstream.write(text);
      upstream.write(head);
      socket.pipe(upstream);
      upstream.pipe(socket);
    });
    // The end of one side is the end of the other, at once: the eP-CSCF must see a lost browser as lost.
    const end = () => {
      upstream.destroy();
      socket.destroy();
    };
    for (const side of [socket, upstream]) side.on('error', end).on('close', end);
  });
}
