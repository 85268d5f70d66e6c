// SPDX-License-Identifier: GPL-2.0-or-later
// The WWSF over real HTTPS: sign-in, session cookie, tokens, key set. Run by "make check-wwsf".
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { TestServer } from '../../testing/server.mjs';
import { hashPassword } from '../server/users.mjs';

const main = fileURLToPath(new URL('../server/main.mjs', import.meta.url));
const server = new TestServer();

/** `body` is sent as JSON, `cookie`, `origin` and `host` if given. */
function request(method, path, { body, cookie, origin, host } = {}) {
  const headers = {};
  if (host) headers.Host = host;
  if (body) headers['Content-Type'] = 'application/json';
  if (cookie) headers.Cookie = cookie;
  if (origin) headers.Origin = origin;
  return server.request(method, path, { body: body && JSON.stringify(body), headers });
}

async function signedIn(options = {}) {
  const answer = await request('POST', '/sign-in', { ...options, body: { user: 'alice', password: 'right' } });
  assert.equal(answer.status, 204);
  return answer.headers['set-cookie'][0];
}

before(async () => {
  const user = { user: 'alice', password: hashPassword('right'), sub: 'a', impi: 'alice@ims.test', impus: ['sip:alice@ims.test'] };
  const nameless = { user: 'ben', password: user.password, sub: 'b|n' };
  writeFileSync(server.file('users.json'), JSON.stringify({ users: [user, nameless] }));
  await server.start(main, {
    TOKEN_KEY: server.file('token.key'),
    TOKEN_TTL: '300',
    AUDIENCE: 'ims.test',
    DOMAIN: 'ims.test',
    USERS_FILE: server.file('users.json'),
    VENDOR_DIR: server.dir,
    WSS_URL: 'wss://localhost:8443/',
  });
});

after(() => server.stop());

test('nobody is signed in at first, and gets no token', async () => {
  assert.equal((await request('GET', '/session')).status, 204);
  assert.equal((await request('POST', '/token')).status, 401);
});

test('the session cookie is for this host, HTTPS and this site only', async () => {
  const cookie = await signedIn();
  assert.match(cookie, /^__Host-wwsf=/);
  for (const word of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(word), word);
});

test('a user without an identity gets a token without one', async () => {
  const answer = await request('POST', '/sign-in', { body: { user: 'ben', password: 'right' } });
  const cookie = answer.headers['set-cookie'][0].split(';')[0];
  const session = (await request('GET', '/session', { cookie })).json();
  assert.deepEqual([session.sub, session.impus, session.impi], ['b|n', [], undefined]);
  const claims = decodeJwt((await request('POST', '/token', { cookie })).json().access_token);
  assert.deepEqual([claims.sub, claims.impu, claims.impi], ['b|n', undefined, undefined]);
});

test('a token verifies with the key set and says what it must; each is a new one', async () => {
  const cookie = (await signedIn()).split(';')[0];
  const answers = [];
  for (let i = 0; i < 2; i += 1) answers.push((await request('POST', '/token', { cookie })).json());
  const keys = createLocalJWKSet((await request('GET', '/.well-known/jwks.json')).json());
  const claims = [];
  for (const { access_token: token } of answers) {
    const verified = await jwtVerify(token, keys, {
      issuer: server.origin, audience: 'ims.test', typ: 'at+jwt', algorithms: ['ES256'],
    });
    claims.push(verified.payload);
  }
  assert.ok(decodeProtectedHeader(answers[0].access_token).kid);
  assert.equal(answers[0].token_type, 'Bearer');
  assert.equal(claims[0].exp - claims[0].iat, 300);
  assert.equal(claims[0].scope, 'webrtc-ims-client-access-to-ims');
  assert.equal(claims[0].impi, 'alice@ims.test');
  assert.equal(claims[0].impu, 'sip:alice@ims.test');
  assert.equal(claims[0].client_id, 'wwsf-lab');
  assert.notEqual(claims[0].jti, claims[1].jti);
});

test('the key set holds no private key, and the key file is its owner\'s only', async () => {
  const { keys } = (await request('GET', '/.well-known/jwks.json')).json();
  assert.deepEqual(keys.map((key) => 'd' in key), [false]);
  assert.equal(statSync(server.file('token.key')).mode & 0o777, 0o600);
});

test('after the sign-out the cookie is worth nothing', async () => {
  const cookie = (await signedIn()).split(';')[0];
  assert.equal((await request('POST', '/sign-out', { cookie })).status, 204);
  assert.equal((await request('POST', '/token', { cookie })).status, 401);
});

test('a sign-in makes a new session, also over an old one', async () => {
  const old = (await signedIn()).split(';')[0];
  const cookie = (await signedIn({ cookie: old })).split(';')[0];
  assert.notEqual(cookie, old);
  assert.equal((await request('POST', '/token', { cookie: old })).status, 401);
  assert.equal((await request('POST', '/token', { cookie })).status, 200);
});

test('another site cannot use the session', async () => {
  const cookie = (await signedIn()).split(';')[0];
  assert.equal((await request('POST', '/token', { cookie, origin: 'https://evil.test' })).status, 403);
  assert.equal((await request('POST', '/token', { cookie, origin: server.origin })).status, 200);
});

test('another name of the host is redirected; the page has a strict policy', async () => {
  const elsewhere = await request('GET', '/', { host: `127.0.0.1:${server.port}` });
  assert.equal(elsewhere.status, 302);
  assert.equal(elsewhere.headers.location, `${server.origin}/`);
  const page = await request('GET', '/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-security-policy'], /default-src 'none'.*connect-src 'self' wss:\/\/localhost:8443/);
});

test('odd input is refused without harm', async () => {
  const odd = [{}, { user: 'alice' }, { user: ['alice'], password: 'right' }, { user: 'alice', password: 'x'.repeat(300) }];
  for (const body of odd) {
    assert.equal((await request('POST', '/sign-in', { body })).status, 401);
  }
  assert.equal((await request('POST', '/sign-in', { body: { user: 'x'.repeat(5000) } })).status, 413);
  assert.equal((await request('GET', '/session')).status, 204);
});

test('wrong passwords are limited, and neither they nor tokens are logged', async () => {
  let last;
  for (let i = 0; i < 12; i += 1) {
    last = await request('POST', '/sign-in', { body: { user: 'alice', password: `guess-${i}` } });
  }
  assert.equal(last.status, 429);
  assert.doesNotMatch(server.output, /guess-|eyJ|right/);
});
