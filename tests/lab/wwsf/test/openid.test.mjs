// SPDX-License-Identifier: GPL-2.0-or-later
// The WWSF as a site whose users sign in at an OpenID provider. Run by "make check-wwsf".
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestServer } from '../../testing/server.mjs';

const main = fileURLToPath(new URL('../server/main.mjs', import.meta.url));
const server = new TestServer();

before(() => server.start(main, {
  OPENID_ISSUER: 'https://login.test',
  OPENID_RESOURCE: 'urn:ims:jwt',
  DOMAIN: 'ims.test',
  VENDOR_DIR: server.dir,
  WSS_URL: 'wss://localhost:8443/',
}));

after(() => server.stop());

test('the page learns which provider, and may talk to it', async () => {
  assert.deepEqual((await server.request('GET', '/openid.json')).json(), {
    issuer: 'https://login.test',
    client_id: 'phone',
    resource: 'urn:ims:jwt',
    scope: 'webrtc-ims-client-access-to-ims',
    domain: 'ims.test',
    wss_urls: ['wss://localhost:8443/'],
  });
  const policy = (await server.request('GET', '/')).headers['content-security-policy'];
  assert.match(policy, /connect-src 'self' wss:\/\/localhost:8443 https:\/\/login\.test;/);
});

test('the page signs in there and not here', async () => {
  assert.match((await server.request('GET', '/wwsf.js')).text, /signsInBy = 'redirect'/);
  for (const path of ['/sign-in', '/token']) {
    assert.equal((await server.request('POST', path)).status, 404, path);
  }
  assert.equal((await server.request('GET', '/.well-known/jwks.json')).status, 404);
});
