// SPDX-License-Identifier: GPL-2.0-or-later
// All settings of the WWSF come from the environment; a missing or unusable one stops the start.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SettingError, number, text } from './environment.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One or more wss:// addresses, in order of preference: the page tries the next if one cannot be reached. */
function wssUrls(env) {
  const urls = text(env, 'WSS_URL').split(/\s+/).filter(Boolean);
  for (const url of urls) {
    if (!/^wss:\/\/[^\s/]+(\/\S*)?$/.test(url)) throw new SettingError(`WSS_URL: ${url} is not a wss:// URL`);
  }
  return urls;
}

function relayTarget(env) {
  if (!env.WSS_RELAY) return null;
  const match = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(env.WSS_RELAY);
  if (!match) throw new SettingError('WSS_RELAY must be host:port');
  return { host: match[1].replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}

/** A site that signs its users in itself, and makes the tokens. */
const ownSettings = (env, origin) => ({
  usersFile: text(env, 'USERS_FILE'),
  sessionTtl: number(env, 'SESSION_TTL', 8 * 3600, 60, 7 * 86400),
  tokenKey: text(env, 'TOKEN_KEY'),
  tokenTtl: number(env, 'TOKEN_TTL', 600, 10, 86400),
  issuer: text(env, 'ISSUER', origin),
  audience: text(env, 'AUDIENCE'),
  clientId: text(env, 'CLIENT_ID', 'wwsf-lab'),
});

/** A site that leaves both to an OpenID provider. */
const openidSettings = (env) => ({
  openid: {
    issuer: text(env, 'OPENID_ISSUER'),
    clientId: text(env, 'CLIENT_ID', 'phone'),
    resource: text(env, 'OPENID_RESOURCE'),
  },
});

export function readSettings(env = process.env) {
  const host = text(env, 'HOST', '127.0.0.1');
  const port = number(env, 'PORT', 9443, 0, 65535);
  const publicHost = text(env, 'PUBLIC_HOST', 'localhost');
  const origin = text(env, 'ORIGIN', `https://${publicHost}:${port}`);
  return {
    host,
    port,
    origin,
    tls: { cert: readFileSync(text(env, 'TLS_CERT')), key: readFileSync(text(env, 'TLS_KEY')) },
    tlsCa: env.TLS_CA ? readFileSync(env.TLS_CA) : undefined,
    scope: text(env, 'SCOPE', 'webrtc-ims-client-access-to-ims'),
    domain: text(env, 'DOMAIN'),
    wssUrls: wssUrls(env),
    wssRelay: relayTarget(env),
    wicDir: text(env, 'WIC_DIR', here('../wic')),
    vendorDir: text(env, 'VENDOR_DIR'),
    ...(env.OPENID_ISSUER ? openidSettings(env) : ownSettings(env, origin)),
  };
}
