// SPDX-License-Identifier: GPL-2.0-or-later
// The user table: who may sign in, and which IMS identities each of them gets.
import { readFileSync } from 'node:fs';
import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt);
const KEY_BYTES = 32;
const PASSWORD_MAX = 256;
const COST = { N: 16384, r: 8, p: 1 };

/** "scrypt:<salt>:<key>", both base64url. */
export function hashPassword(password) {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, KEY_BYTES, COST);
  return `scrypt:${salt.toString('base64url')}:${key.toString('base64url')}`;
}

function splitHash(hash) {
  const [scheme, salt, key] = String(hash).split(':').map((part, i) => (i ? Buffer.from(part, 'base64url') : part));
  if (scheme !== 'scrypt' || salt?.length < 16 || key?.length !== KEY_BYTES) return null;
  return { salt, key };
}

function checkUser(entry, file) {
  for (const member of ['user', 'password', 'sub']) {
    if (typeof entry[member] !== 'string' || !entry[member]) throw new Error(`${file}: a user has no "${member}"`);
  }
  const none = entry.impi === undefined && entry.impus === undefined;
  if (!none && (typeof entry.impi !== 'string' || !entry.impi)) throw new Error(`${file}: user ${entry.user} has no "impi"`);
  if (!none && (!Array.isArray(entry.impus) || entry.impus.length === 0)) {
    throw new Error(`${file}: user ${entry.user} has no "impus" list`);
  }
  if (!splitHash(entry.password)) throw new Error(`${file}: password of ${entry.user} is not a scrypt hash`);
}

/**
 * A user: {user, name, password: hash, sub, impi, impus: [default IMPU first]}; without the last two where the IMS
 * gives users their IMPUs.
 * An unknown user costs the same time as a wrong password.
 */
export function loadUsers(file) {
  const entries = JSON.parse(readFileSync(file, 'utf8')).users;
  const byName = new Map();
  const bySub = new Map();
  for (const entry of entries) {
    checkUser(entry, file);
    if (byName.has(entry.user)) throw new Error(`${file}: user ${entry.user} is there twice`);
    if (bySub.has(entry.sub)) throw new Error(`${file}: sub ${entry.sub} is there twice`);
    byName.set(entry.user, entry);
    bySub.set(entry.sub, entry);
  }
  const nobody = splitHash(hashPassword(randomBytes(16).toString('hex')));

  return {
    find: (name) => byName.get(name),
    findBySub: (sub) => bySub.get(sub),
    async verify(name, password) {
      if (typeof name !== 'string' || typeof password !== 'string' || password.length > PASSWORD_MAX) return null;
      const entry = byName.get(name);
      const want = entry ? splitHash(entry.password) : nobody;
      const got = await derive(password, want.salt, KEY_BYTES, COST);
      return timingSafeEqual(got, want.key) && entry ? entry : null;
    },
  };
}
