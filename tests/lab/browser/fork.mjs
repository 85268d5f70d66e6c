// SPDX-License-Identifier: GPL-2.0-or-later
// Two tabs of alice under one IMPU: both ring, one answers and the other stops; closed tabs are not reached any more.
// usage: ALICE_PASSWORD=... BOB_PASSWORD=... CAROL_PASSWORD=... node fork.mjs [PATH [OTHER]]   (further settings: browser.mjs)
// PATH is the page of the tab that answers, OTHER that of the one beside it. With CONTACTS_CMD set, that command must
// print how many contacts of alice are registered.
import { execFileSync } from 'node:child_process';
import { Check, hangUp, identity, until } from './browser.mjs';

const [path = '/', other = '/sipjs.html'] = process.argv.slice(2);
const check = new Check();
const alice = identity('alice');
// A closed tab keeps its place for the grace of its web site, and de-registers then.
const CONTACTS_MS = 10_000;

async function contacts(count) {
  const command = process.env.CONTACTS_CMD;
  if (!command) return;
  await until(`${count} contacts of alice`, () => (
    execFileSync('bash', ['-c', command], { encoding: 'utf8' }).trim() === String(count)
  ), CONTACTS_MS);
}

/** The caller hears at once that nobody is there. */
async function calledInVain(caller) {
  const answers = async () => (await caller.sipLog()).filter((line) => / ← SIP\/2\.0 [3-6].*INVITE\]/.test(line));
  const before = (await answers()).length;
  await caller.call(alice);
  const told = await until('an answer to the call', async () => (await answers())[before]);
  if (!/SIP\/2\.0 480 /.test(told)) throw new Error(`the caller is told: ${told}`);
  await caller.callState('ended');
}

await check.run(`fork check, ${path} answers`, async ({ open, tab }) => {
  const one = await open('alice', path);
  const bob = await open('bob', other);
  const carol = await open('carol', path);
  await one.signIn(process.env.ALICE_PASSWORD);
  await bob.signIn(process.env.BOB_PASSWORD);
  await carol.signIn(process.env.CAROL_PASSWORD);
  const two = await tab(one, other);
  await check.step('two tabs of alice, bob and carol are registered', async () => {
    for (const wic of [one, two, bob, carol]) await wic.registration('registered');
    await contacts(2);
  });

  await check.step('bob calls alice, both tabs ring', async () => {
    await bob.call(alice);
    await Promise.all([one.callState('incoming'), two.callState('incoming')]);
    await Promise.all([one.shot('fork-1-incoming'), two.shot('fork-1-incoming')]);
  });
  await check.step('one tab answers, the other stops ringing', async () => {
    await one.page.click('#accept');
    await Promise.all([one.callState('active'), bob.callState('active'), two.callState('ended')]);
    await two.shot('fork-2-stopped');
  });
  await check.step('the call carries on, audio both ways', async () => {
    await Promise.all([one.audio(), bob.audio()]);
    await Promise.all([one.callState('active'), two.callState('ended')]);
    await one.shot('fork-3-in-call');
  });
  await check.step('bob hangs up', () => hangUp(bob, one));

  await check.step('a reload keeps one contact for that tab', async () => {
    await two.page.reload();
    await two.registration('registered');
    await contacts(2);
  });
  await check.step('one tab is closed, the other rings alone and declines', async () => {
    await one.page.close();
    await bob.call(alice);
    await two.callState('incoming');
    await two.page.click('#reject');
    await bob.callState('ended');
  });
  await check.step('the last tab is closed: carol calls and is told 480', async () => {
    await two.page.close();
    await calledInVain(carol);
    await carol.shot('fork-4-480');
    await contacts(0);
  });
  await check.step('the same when nothing of alice is left', () => calledInVain(carol));
});
