// SPDX-License-Identifier: GPL-2.0-or-later
// Starts the WWSF: node server/main.mjs, settings from the environment (README.md lists them).
import https from 'node:https';
import { readSettings } from './settings.mjs';
import { loadUsers } from './users.mjs';
import { tokenIssuer } from './tokens.mjs';
import { relayUpgrades } from './relay.mjs';
import { openidApp, wwsfApp } from './app.mjs';

async function application(settings) {
  if (settings.openid) return openidApp(settings);
  return wwsfApp(settings, loadUsers(settings.usersFile), await tokenIssuer(settings));
}

async function start() {
  const settings = readSettings();
  const server = https.createServer({ ...settings.tls, minVersion: 'TLSv1.2' }, await application(settings));
  if (settings.wssRelay) relayUpgrades(server, settings.wssRelay, settings.tlsCa);

  server.on('error', (error) => {
    console.error(`WWSF: ${error.message}`);
    process.exit(1);
  });
  server.listen(settings.port, settings.host, () => console.log(`WWSF ready at ${settings.origin}/`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

start().catch((error) => {
  console.error(`WWSF: ${error.message}`);
  process.exit(1);
});
