// SPDX-License-Identifier: GPL-2.0-or-later
// Two users sign in at an OpenID provider, register with its JWT access tokens and call. In the call the provider
// changes its key: tokens of the old and the new one register, and nothing is refused. Only an ID token is, for it is no access token.
// usage: ALICE_PASSWORD=... BOB_PASSWORD=... OPENID_ADMIN=... KEYS_CMD=... node rotate.mjs   (see browser.mjs)
// KEYS_CMD prints the names of the published keys that the eP-CSCF has.
import { execFileSync } from 'node:child_process';
import { Check, callUp, hangUp, until } from './browser.mjs';
import { held, hold, kid, release, swap, tokenSpy } from './token-spy.mjs';

const check = new Check();

async function provider(step) {
  const answer = await fetch(`${process.env.OPENID_ADMIN}/keys/${step}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`provider: ${step}: ${answer.status}`);
  return answer.json();
}

const epcscfHas = (name) => (
  execFileSync('bash', ['-c', process.env.KEYS_CMD], { encoding: 'utf8' }).split(/\s+/).includes(name)
);

/** Runs `action`; then `wic` must have registered once more, by a token of `key`. */
async function registersWith(wic, key, action) {
  const before = await wic.registersAnswered();
  await action();
  await until(`${wic.user}: REGISTER answered`, async () => (await wic.registersAnswered()) > before);
  const got = await kid(wic);
  if (got !== key) throw new Error(`${wic.user} registered with key ${got}, expected ${key}`);
}

const renew = (wic) => wic.page.evaluate(() => { globalThis.wic.phone.renew(); });

await check.run('rotation check', async ({ open }) => {
  const alice = await open('alice', '/', tokenSpy);
  const bob = await open('bob', '/', tokenSpy);
  await check.step('alice and bob sign in at the provider', async () => {
    await alice.signIn(process.env.ALICE_PASSWORD);
    await bob.signIn(process.env.BOB_PASSWORD);
  });
  await check.step('both are registered', async () => {
    await Promise.all([alice.registration('registered'), bob.registration('registered')]);
  });
  const old = await kid(alice);
  await check.step('alice calls bob, audio both ways', () => callUp(alice, bob, 'bob'));
  await alice.shot('1-in-call');

  await check.step('bob gets a token of the old key, which is on its way for long', async () => {
    await hold(bob);
    await renew(bob);
    await until('a token for bob', () => held(bob));
  });
  const { published } = await check.step('a new key is published, and not used yet', () => provider('publish'));
  const fresh = published.at(-1);
  await registersWith(alice, old, () => renew(alice));
  await check.step('the eP-CSCF learns it', () => until('the new key', () => epcscfHas(fresh)));
  await check.step('the new key signs: alice registers with it', async () => {
    await provider('use');
    await registersWith(alice, fresh, () => renew(alice));
  });
  await check.step('bob registers with the token of the old key', () => registersWith(bob, old, () => release(bob)));
  await check.step('bob registers with the new key', () => registersWith(bob, fresh, () => renew(bob)));
  await check.step('the old key is withdrawn; the eP-CSCF drops it, and both register', async () => {
    await provider('withdraw');
    await until('the old key is gone', () => !epcscfHas(old));
    await registersWith(alice, fresh, () => renew(alice));
    await registersWith(bob, fresh, () => renew(bob));
  });
  await check.step('no REGISTER was refused, and the call goes on', async () => {
    for (const wic of [alice, bob]) {
      const refused = await wic.registersAnswered('3456');
      if (refused) throw new Error(`${wic.user}: ${refused} REGISTERs refused`);
    }
    await Promise.all([alice.audio(25), bob.audio(25)]);
    await hangUp(alice, bob);
  });
  await check.step('bob registers with his ID token: refused', async () => {
    await swap(bob);
    await renew(bob);
    await bob.registration('refused');
    await bob.shot('2-refused');
  });
  await check.step('alice signs out', () => alice.signOut());
});
