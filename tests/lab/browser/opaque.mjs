// SPDX-License-Identifier: GPL-2.0-or-later
// A user signs in at an OpenID provider whose access tokens are opaque: the eP-CSCF asks the provider, once for each
// token, until the token is revoked there.
// usage: ALICE_PASSWORD=... OPENID_URL=... OPENID_ADMIN=... CLIENT_ID=... NODE_EXTRA_CA_CERTS=... node opaque.mjs
import { Check, until } from './browser.mjs';
import { repeat, token, tokenSpy } from './token-spy.mjs';

const { CLIENT_ID, OPENID_ADMIN, OPENID_URL } = process.env;
const REVOKED_MS = 15_000; // the lab's eP-CSCF keeps an answer shorter than this
const check = new Check();

const questions = async () => (await (await fetch(`${OPENID_ADMIN}/counts`)).json()).introspection ?? 0;

async function expectQuestions(want) {
  const got = await questions();
  if (got !== want) throw new Error(`the provider was asked ${got} times, expected ${want}`);
}

async function renew(wic) {
  const before = await wic.registersAnswered('23456');
  await wic.page.evaluate(() => { globalThis.wic.phone.renew(); });
  await until('the answer to the REGISTER', async () => (await wic.registersAnswered('23456')) > before);
}

async function revoke(wic) {
  const answer = await fetch(`${OPENID_URL}/token/revocation`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT_ID, token: await token(wic) }),
  });
  if (answer.status !== 200) throw new Error(`revocation: ${answer.status}`);
}

await check.run('opaque token check', async ({ open }) => {
  const alice = await open('alice', '/', tokenSpy);
  await check.step('alice signs in at the provider', () => alice.signIn(process.env.ALICE_PASSWORD));
  await check.step('alice is registered, the provider was asked once', async () => {
    await alice.registration('registered');
    if ((await token(alice)).includes('.')) throw new Error('the token is not opaque');
    await expectQuestions(1);
  });
  await check.step('a fresh token: registered, and asked once more', async () => {
    await renew(alice);
    await alice.registration('registered');
    await expectQuestions(2);
  });
  await check.step('the same token again: registered, and not asked', async () => {
    await repeat(alice);
    await renew(alice);
    await alice.registration('registered');
    await expectQuestions(2);
  });
  await check.step('revoked at the provider: refused as soon as the answer is no longer believed', async () => {
    await revoke(alice);
    await until('401', async () => {
      await renew(alice);
      return (await alice.registersAnswered('3456')) > 0;
    }, REVOKED_MS);
    await alice.registration('refused');
    await expectQuestions(3);
    await alice.shot('1-revoked');
  });
});
