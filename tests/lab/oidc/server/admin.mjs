// SPDX-License-Identifier: GPL-2.0-or-later
// What a test asks of the provider, on a port of loopback only: POST /keys/publish, /keys/use, /keys/withdraw, and
// GET /keys and /counts. Each answers JSON.
import http from 'node:http';

const STEPS = ['publish', 'use', 'withdraw'];

function answer(res, status, value) {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(`${JSON.stringify(value)}\n`);
}

/** `keys`: SigningKeys; `counts`: how often each route of the provider was asked. */
export function adminServer(keys, counts) {
  return http.createServer((req, res) => {
    const step = STEPS.find((name) => req.url === `/keys/${name}`);
    try {
      if (req.method === 'POST' && step) {
        keys[step]();
        answer(res, 200, keys.state);
      } else if (req.method === 'GET' && req.url === '/keys') {
        answer(res, 200, keys.state);
      } else if (req.method === 'GET' && req.url === '/counts') {
        answer(res, 200, counts);
      } else {
        answer(res, 404, { error: 'not_found' });
      }
    } catch (error) {
      answer(res, 409, { error: error.message });
    }
  });
}
