// SPDX-License-Identifier: GPL-2.0-or-later
// A page whose token ends and that gets no fresh one: what it sees, in a call and without one. Tokens live TOKEN_TTL s.
// usage: TOKEN_TTL=10 ALICE_PASSWORD=... BOB_PASSWORD=... CAROL_PASSWORD=... node expiry.mjs   (further settings: browser.mjs)
import { Check, until } from './browser.mjs';
import { look, spy } from './spy.mjs';

const check = new Check();
const LIFE = Number(process.env.TOKEN_TTL) * 1000;
const LATE = 2000; // ms from the end of the token to the close event
const TOKENS = '**/token';

async function registered(open, user) {
  const wic = await open(user, '/', spy);
  wic.page.on('response', (response) => {
    if (new URL(response.url()).pathname === '/token' && response.ok()) wic.end = Date.now() + LIFE;
  });
  await wic.signIn(process.env[`${user.toUpperCase()}_PASSWORD`]);
  await wic.registration('registered');
  return wic;
}

/** The page's one close event; it comes not before `from` (less the part of a second that exp has not), and soon. */
async function closed(wic, from) {
  await until(`${wic.user}: the page says why`, async () => (await wic.page.innerText('#registration')).includes('4401 token_expired'),
    Math.max(0, from - Date.now()) + LATE);
  const [event, ...more] = (await look(wic)).closes;
  if (event.code !== 4401 || event.reason !== 'token_expired' || !event.wasClean || more.length > 0) {
    throw new Error(`${wic.user}: close events ${JSON.stringify([event, ...more])}`);
  }
  if (event.at < from - 1000 || event.at > from + LATE) throw new Error(`${wic.user}: closed ${event.at - from} ms after the end`);
}

async function back(wic) {
  await wic.page.unroute(TOKENS);
  await wic.registration('registered');
  if ((await look(wic)).open !== 1) throw new Error(`${wic.user}: not one open WSS`);
}

await check.run('expiry check', async ({ open }) => {
  const [alice, bob, carol] = await check.step('three pages are registered', () => Promise.all(['alice', 'bob', 'carol'].map((user) => registered(open, user))));
  await check.step('alice calls bob; alice and carol get no more tokens', async () => {
    await Promise.all([alice, carol].map((wic) => wic.page.route(TOKENS, (route) => route.abort())));
    await alice.call('bob');
    await bob.callState('incoming');
    await bob.page.click('#accept');
    await Promise.all([alice, bob].map((wic) => wic.callState('active')));
  });
  await check.step('carol: 4401 token_expired', () => closed(carol, carol.end));
  await check.step('alice talks on after the end of her token', async () => {
    await until('the end of alice\'s token', () => Date.now() > alice.end + LATE);
    await Promise.all([alice.audio(25), bob.audio(25)]);
    if ((await look(alice)).closes.length > 0) throw new Error('closed in the call');
  });
  await check.step('bob hangs up; alice: 4401 token_expired', async () => {
    const over = Date.now();
    await bob.page.click('#hang-up');
    await Promise.all([alice, bob].map((wic) => wic.callState('ended')));
    await closed(alice, over);
  });
  await check.step('both register again, with fresh tokens and no reload', () => Promise.all([alice, carol].map(back)));
  if ((await look(bob)).closes.length > 0) throw new Error('bob, who had fresh tokens, was closed');
  await Promise.all([alice, bob, carol].map((wic) => wic.signOut()));
});
