// SPDX-License-Identifier: GPL-2.0-or-later
// Users whom the web site names and the IMS gives an IMPU: each page learns its own, and they call each other by them.
// usage: ALICE_PASSWORD=... BOB_PASSWORD=... node allocate.mjs [PATH [OTHER]]   (further settings: browser.mjs)
// PATH is alice's page, OTHER bob's and that of her second tab.
import { Check, callUp, hangUp, until } from './browser.mjs';

const [path = '/', other = '/sipjs.html'] = process.argv.slice(2);
const check = new Check();
const block = new RegExp(`sip:shop-[0-9]{2}@${process.env.DOMAIN.replaceAll('.', '[.]')}$`);

/** What the page says that its IMPU is. */
async function impuOf(wic) {
  await wic.registration('registered');
  return until(`the IMPU of ${wic.user}`, async () => (
    block.exec(await wic.page.textContent('#identity'))?.[0]
  ));
}

function same(got, want, what) {
  if (got !== want) throw new Error(`${what}: ${got} instead of ${want}`);
}

await check.run(`allocation check, ${path} and ${other}`, async ({ open, tab }) => {
  const alice = await open('alice', path);
  const bob = await open('bob', other);
  await alice.signIn(process.env.ALICE_PASSWORD);
  await bob.signIn(process.env.BOB_PASSWORD);
  const [hers, his] = await check.step('each has an IMPU', () => Promise.all([impuOf(alice), impuOf(bob)]));
  if (hers === his) throw new Error(`both are ${hers}`);

  await check.step('bob calls alice by hers, audio both ways', () => callUp(bob, alice, hers));
  await check.step('and hangs up', () => hangUp(bob, alice));
  await check.step('alice calls bob by his', () => callUp(alice, bob, his));
  await alice.shot('allocate-in-call');
  await check.step('and hangs up again', () => hangUp(alice, bob));

  await check.step('a second tab is the same, and rings too', async () => {
    const two = await tab(alice, other);
    same(await impuOf(two), hers, 'IMPU of the second tab');
    await bob.call(hers);
    await Promise.all([alice.callState('incoming'), two.callState('incoming')]);
    await two.page.click('#accept');
    await Promise.all([two.callState('active'), bob.callState('active'), alice.callState('ended')]);
    await hangUp(bob, two);
  });
  await check.step('a reload keeps it', async () => {
    await alice.page.reload();
    same(await impuOf(alice), hers, 'IMPU after a reload');
  });
});
