// SPDX-License-Identifier: GPL-2.0-or-later
// Reloads a registered page again and again: each time it must be registered, always as the same +sip.instance.
// usage: ALICE_PASSWORD=... node reload.mjs [COUNT]   (further settings: browser.mjs)
// With REGISTERED_CMD set, that command must print 1 at the end: how many contacts the core holds for alice.
import { execFileSync } from 'node:child_process';
import { Check, until } from './browser.mjs';
import { look, spy } from './spy.mjs';

const count = Number(process.argv[2] ?? 10);
const check = new Check();
const command = process.env.REGISTERED_CMD;
// Shorter than the grace after which the eP-CSCF takes a lost contact out of the core: it must not come to that.
const ONCE_MS = 2_000;

await check.run('reload check', async ({ open }) => {
  const alice = await open('alice', '/', spy);
  await alice.signIn(process.env.ALICE_PASSWORD);
  await check.step('alice is registered', () => alice.registration('registered'));
  const { instance } = await look(alice);
  if (!instance) throw new Error('no +sip.instance');

  await check.step(`${count} reloads, registered after each with the same +sip.instance`, async () => {
    for (let i = 0; i < count; i += 1) {
      await alice.page.reload();
      await alice.registration('registered');
      if ((await look(alice)).instance !== instance) throw new Error(`another +sip.instance after reload ${i + 1}`);
    }
  });
  if (command) {
    await check.step('the core holds one contact for alice', () => until('one contact', () => (
      execFileSync('bash', ['-c', command], { encoding: 'utf8' }).trim() === '1'
    ), ONCE_MS));
  }
  await alice.signOut();
});
