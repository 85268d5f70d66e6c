// SPDX-License-Identifier: GPL-2.0-or-later
// A WIC and a plain phone in the core that sends back what it hears: audio both ways, hold, hang-up, and the end of a
// browser.
// usage: ALICE_PASSWORD=... node media.mjs calls|held|dtmf|called|killed [PATH]     (further settings: browser.mjs)
//   calls   alice calls the phone (PHONE) and hangs up
//   held    alice calls the phone, holds it, takes it back, and hangs up
//   dtmf    alice calls the phone, sends 1 5 9 by RTP, and hangs up
//   called  the phone calls alice, and hangs up
//   killed  alice calls the phone, and her browser is killed; the last line tells when
import { Check, sleep, until } from './browser.mjs';

const [what, path = '/'] = process.argv.slice(2);
const check = new Check();
const QUIET_MS = 1000;

/** RTP packets that went out so far. */
const packetsSent = (wic) => wic.page.evaluate(async () => {
  const stats = await globalThis.wic.phone.peerConnection.getStats();
  let packets = 0;
  stats.forEach((entry) => { if (entry.type === 'outbound-rtp' && entry.kind === 'audio') packets += entry.packetsSent; });
  return packets;
});

async function bothWays(wic) {
  const before = await packetsSent(wic);
  const received = await wic.audio(50);
  const sent = await until('50 packets sent', async () => {
    const now = await packetsSent(wic);
    return now >= before + 50 && now;
  });
  console.log(`  # packets: sent ${sent}, received ${received}`);
}

/** Nothing arrives for a while. */
const silence = (wic) => until('nothing arrives', async () => {
  const before = await wic.packetsReceived();
  await sleep(QUIET_MS);
  return await wic.packetsReceived() === before;
});

const answered = (wic, count) => until(`${count} INVITEs answered`, async () => (
  (await wic.sipLog()).filter((line) => / ← SIP\/2\.0 200 .*INVITE\]/.test(line)).length >= count
));

async function callPhone(alice) {
  await check.step('alice calls the phone', async () => {
    await alice.call(process.env.PHONE);
    await alice.callState('active');
  });
  await check.step('audio goes both ways', () => bothWays(alice));
}

const hangUp = (alice) => check.step('alice hangs up', async () => {
  await alice.page.click('#hang-up');
  await alice.callState('ended');
});

const acts = {
  async held(alice) {
    await callPhone(alice);
    await check.step('alice holds: nothing comes back', async () => {
      await alice.page.click('#hold');
      await answered(alice, 2);
      await silence(alice);
      await alice.shot('held');
    });
    await check.step('and takes it back: audio both ways again', async () => {
      await alice.page.click('#hold');
      await answered(alice, 3);
      await bothWays(alice);
    });
    await hangUp(alice);
  },

  async calls(alice) {
    await callPhone(alice);
    await hangUp(alice);
  },

  async dtmf(alice) {
    await callPhone(alice);
    await check.step('alice sends digits', async () => {
      await alice.page.evaluate(() => {
        const sender = globalThis.wic.phone.peerConnection.getSenders().find(({ dtmf }) => dtmf);
        sender.dtmf.insertDTMF('159', 100, 100);
      });
      await until('digits are sent', () => alice.page.evaluate(() => (
        globalThis.wic.phone.peerConnection.getSenders().find(({ dtmf }) => dtmf).dtmf.toneBuffer === ''
      )));
    });
    await check.step('audio goes both ways still', () => bothWays(alice));
    await hangUp(alice);
  },

  async called(alice) {
    console.log('registered'); // now the phone may call
    await check.step('the phone calls, alice accepts', async () => {
      await alice.callState('incoming');
      await alice.page.click('#accept');
      await alice.callState('active');
    });
    await check.step('audio goes both ways', () => bothWays(alice));
    await check.step('the phone hangs up, and is answered', async () => {
      await alice.callState('ended');
      await until('200 to BYE', async () => (await alice.sipLog()).some((line) => / → SIP\/2\.0 200 .*BYE\]/.test(line)));
    });
  },

  async killed(alice) {
    await callPhone(alice);
    const browser = alice.page.context().browser();
    const gone = new Promise((resolve) => { browser.once('disconnected', resolve); });
    const control = await browser.newBrowserCDPSession();
    console.log(`killed ${Date.now()}`);
    control.send('Browser.crash').catch(() => {});
    await gone;
  },
};

await check.run(`media check, ${what}`, async ({ open }) => {
  const alice = await open('alice', path);
  await check.step('alice is registered', async () => {
    await alice.signIn(process.env.ALICE_PASSWORD);
    await alice.registration('registered');
  });
  await acts[what](alice);
});
