// SPDX-License-Identifier: GPL-2.0-or-later
// All settings of the provider come from the environment; README.md lists them.
import { readFileSync } from 'node:fs';
import { number, text } from '../../wwsf/server/environment.mjs';

const YEAR = 365 * 86400;

export function readSettings(env = process.env) {
  const port = number(env, 'PORT', 9543, 1, 65535);
  return {
    host: text(env, 'HOST', '127.0.0.1'),
    port,
    adminPort: number(env, 'ADMIN_PORT', 9643, 1, 65535),
    issuer: text(env, 'ISSUER', `https://localhost:${port}`),
    tls: { cert: readFileSync(text(env, 'TLS_CERT')), key: readFileSync(text(env, 'TLS_KEY')) },
    usersFile: text(env, 'USERS_FILE'),
    clientId: text(env, 'CLIENT_ID', 'phone'),
    siteOrigins: text(env, 'SITE_ORIGINS').split(/\s+/).filter(Boolean),
    introspectionId: text(env, 'INTROSPECTION_ID', 'epcscf'),
    introspectionSecret: readFileSync(text(env, 'INTROSPECTION_SECRET_FILE'), 'utf8').trim(),
    audience: text(env, 'AUDIENCE'),
    scope: text(env, 'SCOPE', 'webrtc-ims-client-access-to-ims'),
    tokenTtl: number(env, 'TOKEN_TTL', 600, 10, 86400),
    sessionTtl: number(env, 'SESSION_TTL', 8 * 3600, 60, YEAR),
    jwksMaxAge: number(env, 'JWKS_MAX_AGE', 300, 0, 86400),
  };
}
