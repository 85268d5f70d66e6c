// SPDX-License-Identifier: GPL-2.0-or-later
// Tokens are renewed and connections come back without a page reload, by JsSIP and by SIP.js; SIP.js calls too.
// usage: ALICE_PASSWORD=... BOB_PASSWORD=... node refresh.mjs   (further settings: browser.mjs)
import { Check, callUp, hangUp, until } from './browser.mjs';
import { look, spy } from './spy.mjs';

const check = new Check();

async function renewals(wic, library) {
  await check.step(`${library}: alice is registered`, () => wic.registration('registered'));
  const marker = await wic.page.evaluate(() => { globalThis.notReloaded = true; return true; });
  const first = await look(wic);

  await check.step(`${library}: refresh with a fresh token on the same WSS`, async () => {
    const before = { sent: await wic.registersSent(), answered: await wic.registersAnswered() };
    await wic.page.evaluate(() => globalThis.wic.phone.renew());
    await until('the answer to the refresh', async () => (await wic.registersAnswered()) === before.answered + 1);
    const now = await look(wic);
    if ((await wic.registersSent()) !== before.sent + 1) throw new Error('more than one REGISTER for one refresh');
    if (now.sockets !== first.sockets) throw new Error('the refresh opened another WSS');
    if (now.tokens !== first.tokens + 1) throw new Error('the refresh carried no fresh token');
    await wic.registration('registered');
  });

  await check.step(`${library}: connection cut, new WSS and fresh token, no reload`, async () => {
    const before = await look(wic);
    await wic.page.evaluate(() => globalThis.spy.cut());
    await until('a new WSS', async () => (await look(wic)).sockets > before.sockets);
    await wic.registration('registered');
    const now = await look(wic);
    if (now.open !== 1) throw new Error(`${now.open} open WSS`);
    if (now.tokens <= before.tokens) throw new Error('registered again with an old token');
    if (marker !== await wic.page.evaluate(() => globalThis.notReloaded)) throw new Error('the page was reloaded');
  });
}

await check.run('refresh check', async ({ open }) => {
  const jssip = await open('alice', '/', spy);
  await jssip.signIn(process.env.ALICE_PASSWORD);
  await renewals(jssip, 'JsSIP');
  await jssip.signOut();

  const sipjs = await open('alice', '/sipjs.html', spy);
  await sipjs.signIn(process.env.ALICE_PASSWORD);
  await renewals(sipjs, 'SIP.js');

  const bob = await open('bob');
  await bob.signIn(process.env.BOB_PASSWORD);
  await bob.registration('registered');
  await check.step('SIP.js calls JsSIP after all that, audio both ways', () => talk(sipjs, bob, 'bob'));
  await check.step('JsSIP calls SIP.js, audio both ways', () => talk(bob, sipjs, 'alice'));
  await sipjs.signOut();
  await bob.signOut();
});

async function talk(caller, callee, target) {
  await callUp(caller, callee, target);
  await hangUp(callee, caller);
}
