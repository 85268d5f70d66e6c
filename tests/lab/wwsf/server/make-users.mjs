// SPDX-License-Identifier: GPL-2.0-or-later
// usage: node make-users.mjs DOMAIN USER[=IDENTITY]:PASSWORD... > users.json
// Writes a user table for the lab: IMPI IDENTITY@DOMAIN, IMPU sip:IDENTITY@DOMAIN. IDENTITY is the user's own name
// where none is given; from a pool or a range of the site it is what the site chooses; "-": none, the IMS gives one.
import { hashPassword } from './users.mjs';

const [domain, ...entries] = process.argv.slice(2);
const ENTRY = /^(?<user>[a-z0-9.-]+)(=(?<identity>[a-z0-9.-]+))?:(?<password>.+)$/;
if (!domain || entries.length === 0 || entries.some((entry) => !ENTRY.test(entry))) {
  console.error('usage: node make-users.mjs DOMAIN USER[=IDENTITY]:PASSWORD...');
  process.exit(2);
}

const users = entries.map((entry) => {
  const { user, identity = user, password } = ENTRY.exec(entry).groups;
  return {
    user,
    name: user[0].toUpperCase() + user.slice(1),
    password: hashPassword(password),
    sub: `user-${user}`,
    ...(identity === '-' ? {} : { impi: `${identity}@${domain}`, impus: [`sip:${identity}@${domain}`] }),
  };
});
console.log(JSON.stringify({ users }, null, 2));
