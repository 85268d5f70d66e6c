// SPDX-License-Identifier: GPL-2.0-or-later
// The OpenID provider over real HTTPS: what a page and an eP-CSCF ask of it. Run by "make check-oidc".
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { TestServer, freePort } from '../../testing/server.mjs';
import { hashPassword } from '../../wwsf/server/users.mjs';

const main = fileURLToPath(new URL('../server/main.mjs', import.meta.url));
const SITE = 'https://phone.test';
const SCOPE = 'webrtc-ims-client-access-to-ims';
const SECRET = 'introspection-secret-of-the-test';
const TOKEN_TTL = 300;
const server = new TestServer();
let adminPort;

/** A browser as far as this needs one: cookies, and redirects within the provider. */
class Browser {
  #cookies = new Map();

  async request(method, path, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await server.request(method, path, { ...options, headers: { ...options.headers, Cookie: cookie } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Follows to the sign-in form, or to where the provider sends the user. */
  async go(method, path, options) {
    let answer = await this.request(method, path, options);
    for (let hops = 0; hops < 5 && answer.headers.location; hops += 1) {
      const url = new URL(answer.headers.location, server.origin);
      if (url.origin !== server.origin) return { url, ...answer };
      answer = { ...await this.request('GET', url.pathname + url.search), path: url.pathname };
    }
    return answer;
  }
}

const form = (fields) => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});

const post = (path, fields, headers = {}) => {
  const { body, headers: type } = form(fields);
  return server.request('POST', path, { body, headers: { ...type, ...headers } });
};

const asEpcscf = (secret = SECRET) => ({ Authorization: `Basic ${Buffer.from(`epcscf:${secret}`).toString('base64')}` });
const introspect = (token, headers = asEpcscf()) => post('/token/introspection', { token }, headers);

function authPath(verifier, changes = {}) {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const params = {
    client_id: 'phone', response_type: 'code', redirect_uri: `${SITE}/`, scope: `openid ${SCOPE}`,
    resource: 'urn:ims:jwt', state: 's', code_challenge: challenge, code_challenge_method: 'S256', ...changes,
  };
  for (const name of Object.keys(params)) if (params[name] === null) delete params[name];
  return `/auth?${new URLSearchParams(params)}`;
}

const redeem = (code, verifier) => post('/token', {
  grant_type: 'authorization_code', client_id: 'phone', redirect_uri: `${SITE}/`, code, code_verifier: verifier,
});
const refresh = (token) => post('/token', { grant_type: 'refresh_token', client_id: 'phone', refresh_token: token });

/** {code, verifier} of alice, who has just signed in. */
async function signIn(resource) {
  const browser = new Browser();
  const verifier = randomBytes(32).toString('base64url');
  const { path } = await browser.go('GET', authPath(verifier, { resource }));
  assert.match(path, /^\/interaction\//);
  const { url } = await browser.go('POST', path, form({ user: 'alice', password: 'right' }));
  assert.equal(url.origin, SITE);
  assert.equal(url.searchParams.get('iss'), server.origin);
  return { code: url.searchParams.get('code'), verifier };
}

/** The answer of the token endpoint. */
async function tokens(resource) {
  const { code, verifier } = await signIn(resource);
  const answer = await redeem(code, verifier);
  assert.equal(answer.status, 200);
  return answer.json();
}

const jwks = async () => (await server.request('GET', '/jwks')).json();

async function verify(token, set = null) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(set ?? await jwks()), {
    issuer: server.origin, audience: 'ims.test', typ: 'at+jwt', algorithms: ['ES256'],
  });
  return payload;
}

async function admin(method, path) {
  const answer = await fetch(`http://127.0.0.1:${adminPort}${path}`, { method });
  return { status: answer.status, ...await answer.json() };
}

before(async () => {
  adminPort = await freePort();
  const user = { user: 'alice', name: 'Alice', password: hashPassword('right'), sub: 'a-1', impi: 'alice@ims.test', impus: ['sip:alice@ims.test'] };
  writeFileSync(server.file('users.json'), JSON.stringify({ users: [user] }));
  writeFileSync(server.file('secret'), `${SECRET}\n`);
  await server.start(main, {
    ADMIN_PORT: String(adminPort),
    TOKEN_TTL: String(TOKEN_TTL),
    AUDIENCE: 'ims.test',
    SITE_ORIGINS: SITE,
    USERS_FILE: server.file('users.json'),
    INTROSPECTION_SECRET_FILE: server.file('secret'),
  });
});

after(() => server.stop());

test('it says where everything is, and offers the code flow with PKCE only', async () => {
  const said = (await server.request('GET', '/.well-known/openid-configuration')).json();
  assert.equal(said.issuer, server.origin);
  assert.equal(said.jwks_uri, `${server.origin}/jwks`);
  assert.deepEqual(said.response_types_supported, ['code']);
  assert.deepEqual(said.code_challenge_methods_supported, ['S256']);
  for (const name of ['introspection', 'revocation', 'end_session']) assert.ok(said[`${name}_endpoint`], name);
});

test('the key set may be kept for a while and holds no private key', async () => {
  const answer = await server.request('GET', '/jwks');
  assert.equal(answer.headers['cache-control'], 'public, max-age=300');
  assert.deepEqual(answer.json().keys.map((key) => ['d' in key, key.alg, key.use]), [[false, 'ES256', 'sig']]);
});

test('a JWT access token says what the eP-CSCF wants', async () => {
  const answer = await tokens('urn:ims:jwt');
  const claims = await verify(answer.access_token);
  assert.equal(answer.token_type, 'Bearer');
  assert.equal(answer.expires_in, TOKEN_TTL);
  assert.equal(claims.exp - claims.iat, TOKEN_TTL);
  assert.equal(claims.sub, 'a-1');
  assert.equal(claims.client_id, 'phone');
  assert.equal(claims.scope, SCOPE);
  assert.equal(claims.impi, 'alice@ims.test');
  assert.deepEqual(claims.impu, ['sip:alice@ims.test']);
  assert.ok(claims.jti);
});

test('a refresh token brings another access token, once', async () => {
  const first = await tokens('urn:ims:jwt');
  const second = (await refresh(first.refresh_token)).json();
  assert.notEqual((await verify(second.access_token)).jti, (await verify(first.access_token)).jti);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await refresh(first.refresh_token)).json().error, 'invalid_grant');
  assert.equal((await refresh(second.refresh_token)).json().error, 'invalid_grant', 'the family is worth nothing now');
});

test('a new key is published first and then used; sign-ins and sessions go on', async () => {
  const old = await tokens('urn:ims:jwt');
  const { kid } = decodeProtectedHeader(old.access_token);
  const { code, verifier } = await signIn('urn:ims:jwt');

  assert.equal((await admin('POST', '/keys/publish')).signs, kid);
  const both = await jwks();
  assert.equal(both.keys.length, 2);
  const between = (await redeem(code, verifier)).json();
  assert.equal(decodeProtectedHeader(between.access_token).kid, kid);

  await admin('POST', '/keys/use');
  const renewed = (await refresh(between.refresh_token)).json();
  assert.notEqual(decodeProtectedHeader(renewed.access_token).kid, kid);
  await verify(renewed.access_token, both);
  await verify(old.access_token);

  await admin('POST', '/keys/withdraw');
  assert.equal((await jwks()).keys.length, 1);
  await assert.rejects(verify(old.access_token));
  await verify(renewed.access_token);
});

test('an opaque token is explained to the eP-CSCF, until it is revoked', async () => {
  const { access_token: token } = await tokens('urn:ims:opaque');
  assert.doesNotMatch(token, /\./);
  const said = (await introspect(token)).json();
  assert.equal(said.active, true);
  for (const [name, value] of Object.entries({
    iss: server.origin, aud: 'ims.test', sub: 'a-1', client_id: 'phone', scope: SCOPE, impi: 'alice@ims.test',
  })) assert.equal(said[name], value, name);
  assert.deepEqual(said.impu, ['sip:alice@ims.test']);
  assert.equal(said.exp - said.iat, TOKEN_TTL);
  assert.equal((await post('/token/revocation', { token, client_id: 'phone' })).status, 200);
  assert.deepEqual((await introspect(token)).json(), { active: false });
});

test('nobody else is told about a token', async () => {
  const { access_token: token } = await tokens('urn:ims:opaque');
  assert.equal((await introspect(token, asEpcscf('wrong'))).status, 401);
  assert.equal((await introspect(token, {})).status, 400);
  const asPage = await post('/token/introspection', { token, client_id: 'phone' });
  assert.notEqual(asPage.json().active, true);
  assert.deepEqual((await introspect('not-a-token')).json(), { active: false });
});

test('a wrong password leads nowhere', async () => {
  const browser = new Browser();
  const { path } = await browser.go('GET', authPath('v'.repeat(43)));
  for (const fields of [{ user: 'alice', password: 'guess' }, { user: 'nobody', password: 'right' }, {}]) {
    const answer = await browser.go('POST', path, form(fields));
    assert.equal(answer.status, 401);
    assert.equal(answer.url, undefined);
  }
  assert.equal((await browser.go('POST', path, form({ user: 'x'.repeat(5000) }))).status, 413);
  assert.equal((await new Browser().go('GET', path)).status, 400, 'the form of another browser');
});

test('what a sign-in asks for is checked', async () => {
  const errorOf = async (changes) => {
    const { url, text } = await new Browser().go('GET', authPath('v'.repeat(43), changes));
    if (!url) return text;
    return url.searchParams.get('error') ?? new URLSearchParams(url.hash.slice(1)).get('error');
  };
  assert.equal(await errorOf({ code_challenge: null, code_challenge_method: null }), 'invalid_request');
  assert.equal(await errorOf({ code_challenge_method: 'plain' }), 'invalid_request');
  assert.equal(await errorOf({ resource: 'urn:other' }), 'invalid_target');
  assert.equal(await errorOf({ response_type: 'token' }), 'unsupported_response_type');
  assert.match(await errorOf({ redirect_uri: 'https://evil.test/' }), /redirect_uri did not match/);
  assert.match(await errorOf({ redirect_uri: 'https://evil.test/<script>' }), /^((?!<script)[^])*$/);
  const { code } = await signIn('urn:ims:jwt');
  assert.equal((await redeem(code, 'w'.repeat(43))).json().error, 'invalid_grant');
});

test('only pages of the site may read what the token endpoint says', async () => {
  for (const [origin, allowed] of [[SITE, SITE], ['https://evil.test', undefined]]) {
    const answer = await post('/token', { grant_type: 'refresh_token', client_id: 'phone', refresh_token: 'x' }, { Origin: origin });
    assert.equal(answer.headers['access-control-allow-origin'], allowed);
  }
});

test('the admin port tells no key, counts, and refuses what it does not know', async () => {
  const keys = await admin('GET', '/keys');
  assert.deepEqual(Object.keys(keys).sort(), ['published', 'signs', 'status']);
  assert.ok((await admin('GET', '/counts')).introspection >= 3);
  assert.equal((await admin('GET', '/keys/use')).status, 404);
  for (let i = 0; i < 3; i += 1) await admin('POST', '/keys/publish');
  assert.equal((await admin('POST', '/keys/publish')).status, 409);
});

test('passwords, codes, tokens and secrets are not logged', () => {
  assert.match(server.output, /signed in alice/);
  assert.doesNotMatch(server.output, /right|guess|eyJ|introspection-secret/);
});
