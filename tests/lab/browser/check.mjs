// SPDX-License-Identifier: GPL-2.0-or-later
// Two users sign in, register, and one calls the other; audio must arrive on both sides. An emergency call is refused at once.
// usage: ALICE_PASSWORD=... BOB_PASSWORD=... node check.mjs [/sipjs.html]   (further settings: browser.mjs)
import { Check, identity } from './browser.mjs';

const path = process.argv[2] ?? '/';
const check = new Check();

await check.run('browser check', async ({ open }) => {
  const alice = await open('alice', path);
  const bob = await open('bob', path);
  await alice.shot('1-sign-in');
  await check.step('alice and bob sign in', async () => {
    await alice.signIn(process.env.ALICE_PASSWORD);
    await bob.signIn(process.env.BOB_PASSWORD);
  });
  await check.step('alice is registered', () => alice.registration('registered'));
  await check.step('bob is registered', () => bob.registration('registered'));

  await check.step('alice calls bob, whose page rings', async () => {
    await alice.call(identity('bob'));
    await bob.callState('incoming');
    await bob.shot('2-incoming');
  });
  await check.step('bob accepts, the call is up on both sides', async () => {
    await bob.page.click('#accept');
    await Promise.all([alice.callState('active'), bob.callState('active')]);
  });
  await check.step('audio packets arrive on both sides', async () => {
    const [a, b] = await Promise.all([alice.audio(), bob.audio()]);
    console.log(`  # packets received: alice ${a}, bob ${b}`);
    await alice.shot('3-in-call');
    await bob.shot('3-in-call');
  });
  await check.step('alice hangs up, the call ends on both sides', async () => {
    await alice.page.click('#hang-up');
    await Promise.all([alice.callState('ended'), bob.callState('ended')]);
    await bob.shot('4-ended');
  });
  await check.step('alice calls 112, which this lab has nobody for', async () => {
    await alice.call('112');
    await alice.callState('ended');
    if (!(await alice.sipLog()).some((line) => / ← SIP\/2\.0 380 /.test(line))) throw new Error('no 380');
  });
  await check.step('both sign out', async () => {
    await Promise.all([alice.signOut(), bob.signOut()]);
  });
});
