// SPDX-License-Identifier: GPL-2.0-or-later
// usage: node make-users.mjs DOMAIN USER:PASSWORD... > users.json
// Writes a user table for the lab: IMPI user@DOMAIN, IMPU sip:user@DOMAIN.
import { hashPassword } from './users.mjs';

const [domain, ...pairs] = process.argv.slice(2);
if (!domain || pairs.length === 0 || pairs.some((pair) => !/^[a-z0-9.-]+:.+$/.test(pair))) {
  console.error('usage: node make-users.mjs DOMAIN USER:PASSWORD...');
  process.exit(2);
}

const users = pairs.map((pair) => {
  const user = pair.slice(0, pair.indexOf(':'));
  return {
    user,
    name: user[0].toUpperCase() + user.slice(1),
    password: hashPassword(pair.slice(user.length + 1)),
    sub: `user-${user}`,
    impi: `${user}@${domain}`,
    impus: [`sip:${user}@${domain}`],
  };
});
console.log(JSON.stringify({ users }, null, 2));
