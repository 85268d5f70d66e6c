// SPDX-License-Identifier: GPL-2.0-or-later
// Starts the OpenID provider: node server/main.mjs, settings from the environment (../README.md lists them).
import https from 'node:https';
import { loadUsers } from '../../wwsf/server/users.mjs';
import { adminServer } from './admin.mjs';
import { SigningKeys } from './keys.mjs';
import * as page from './page.mjs';
import { imsProvider } from './provider.mjs';
import { readSettings } from './settings.mjs';
import { signInHandler } from './sign-in.mjs';

const log = (line) => console.log(`${new Date().toISOString()} ${line}`);

function fail(error) {
  console.error(`provider: ${error.message}`);
  process.exit(1);
}

/** Counts what is asked, and lets the key set be kept for a while. */
function watch(provider, { jwksMaxAge }, counts) {
  provider.use(async (ctx, next) => {
    await next();
    const route = ctx.oidc?.route;
    if (!route) return;
    counts[route] = (counts[route] ?? 0) + 1;
    if (route === 'jwks') ctx.set('Cache-Control', `public, max-age=${jwksMaxAge}`);
    if (route === 'token') log(`token ${ctx.oidc.params?.grant_type} ${ctx.status}`);
  });
  provider.on('server_error', (ctx, error) => log(`error in ${ctx.oidc?.route}: ${error.message}`));
}

function start() {
  const settings = readSettings();
  const users = loadUsers(settings.usersFile);
  const counts = {};
  let provider;
  let answer;
  // oidc-provider takes its keys when it is made. Codes, tokens and sessions are kept outside of it, so another one
  // with other keys goes on where the last one was.
  const keys = new SigningKeys((jwks) => {
    provider = imsProvider(settings, users, jwks, page);
    watch(provider, settings, counts);
    answer = provider.callback();
  });
  const signIn = signInHandler(() => provider, users, log);

  const server = https.createServer({ ...settings.tls, minVersion: 'TLSv1.2' }, (req, res) => (
    req.url.startsWith('/interaction/') ? signIn(req, res) : answer(req, res)
  ));
  const admin = adminServer(keys, counts);
  for (const one of [server, admin]) one.on('error', fail);
  admin.listen(settings.adminPort, '127.0.0.1', () => {
    server.listen(settings.port, settings.host, () => log(`provider ready at ${settings.issuer}/`));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

try {
  start();
} catch (error) {
  fail(error);
}
