// SPDX-License-Identifier: GPL-2.0-or-later
// Scenario 1: dora on JsSIP and dave on SIP.js register with passwords of the core, from the web site whose own
// users have tokens; dora calls dave.
// usage: ALICE_PASSWORD=... WSS_URL=... DOMAIN=... node password.mjs   (further settings: browser.mjs)
import { Check, until } from './browser.mjs';

const { WSS_URL: wssUrl, DOMAIN: domain } = process.env;
const settingsOf = (user, password) => ({ user, password, domain, wssUrl: wssUrl.split(' ')[0] });

/** In the page: a phone on JsSIP, in window.phone. */
async function jssip({ user, password, domain: home, wssUrl: url }) {
  const { default: JsSIP } = await import('/vendor/jssip.js');
  const media = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };
  const phone = { state: '', call: '', connection: () => phone.session?.connection };
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(url)],
    uri: `sip:${user}@${home}`,
    authorization_user: `${user}@${home}`,
    password,
  });
  ua.on('registered', () => { phone.state = 'registered'; });
  ua.on('unregistered', () => { phone.state = 'unregistered'; });
  ua.on('registrationFailed', ({ response }) => { phone.state = `${response?.status_code}`; });
  phone.dial = (to) => {
    phone.session = ua.call(`sip:${to}@${home}`, media);
    phone.session.on('confirmed', () => { phone.call = 'active'; });
    phone.session.on('ended', () => { phone.call = 'ended'; });
    phone.session.on('failed', ({ cause }) => { phone.call = cause; });
  };
  phone.hangUp = () => phone.session.terminate();
  phone.stop = () => ua.stop();
  window.phone = phone;
  ua.start();
}

/** In the page: the same on SIP.js; it answers each call. */
async function sipjs({ user, password, domain: home, wssUrl: url }) {
  const { Registerer, SessionState, UserAgent } = await import('/vendor/sipjs.js');
  const phone = { state: '', call: '', connection: () => phone.session?.sessionDescriptionHandler?.peerConnection };
  const audio = { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } };
  const ua = new UserAgent({
    uri: UserAgent.makeURI(`sip:${user}@${home}`),
    authorizationUsername: `${user}@${home}`,
    authorizationPassword: password,
    transportOptions: { server: url },
    sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
    logBuiltinEnabled: false,
    delegate: {
      onInvite: (invitation) => {
        phone.session = invitation;
        invitation.stateChange.addListener((state) => {
          if (state === SessionState.Established) phone.call = 'active';
          if (state === SessionState.Terminated) phone.call = 'ended';
        });
        invitation.accept(audio);
      },
    },
  });
  const registerer = new Registerer(ua, { expires: 600 });
  registerer.stateChange.addListener((state) => { phone.state = state.toLowerCase(); });
  phone.stop = () => registerer.unregister();
  window.phone = phone;
  await ua.start();
  registerer.register({ requestDelegate: { onReject: ({ message }) => { phone.state = `${message.statusCode}`; } } });
}

const check = new Check();

await check.run('password check', async ({ open }) => {
  const [alice, dora, dave, other] = await Promise.all([
    open('alice'), open('dora'), open('dave', '/sipjs.html'), open('wrong')]);
  const comes = (wic, member, want) => until(`${wic.user}: ${member} ${want}`,
    () => wic.page.evaluate(([name, value]) => window.phone?.[name] === value, [member, want]));
  const packets = (wic) => until(`${wic.user}: audio packets`, () => wic.page.evaluate(async () => {
    const stats = await window.phone.connection()?.getStats();
    return [...(stats?.values() ?? [])].find(({ type }) => type === 'inbound-rtp')?.packetsReceived;
  }));

  await check.step('alice registers with a token', async () => {
    await alice.signIn(process.env.ALICE_PASSWORD);
    await alice.registration('registered');
  });
  await check.step('dora registers with a password, on JsSIP', async () => {
    await dora.page.evaluate(jssip, settingsOf('dora', 'dora-test-password'));
    await comes(dora, 'state', 'registered');
  });
  await check.step('dave registers with a password, on SIP.js', async () => {
    await dave.page.evaluate(sipjs, settingsOf('dave', 'dave-test-password'));
    await comes(dave, 'state', 'registered');
  });
  await check.step('a wrong password is refused by the core', async () => {
    await other.page.evaluate(jssip, settingsOf('dora', 'a wrong one'));
    await comes(other, 'state', '403');
  });
  await check.step('dora calls dave, and audio arrives on both sides', async () => {
    await dora.page.evaluate(() => window.phone.dial('dave'));
    await Promise.all([comes(dora, 'call', 'active'), comes(dave, 'call', 'active')]);
    const [a, b] = await Promise.all([packets(dora), packets(dave)]);
    console.log(`  # packets received: dora ${a}, dave ${b}`);
  });
  await check.step('dora hangs up, the call ends on both sides', async () => {
    await dora.page.evaluate(() => window.phone.hangUp());
    await Promise.all([comes(dora, 'call', 'ended'), comes(dave, 'call', 'ended')]);
  });
  await check.step('all of them leave', async () => {
    await Promise.all([dora, dave].map((wic) => wic.page.evaluate(() => { window.phone.stop(); })));
    await Promise.all([comes(dora, 'state', 'unregistered'), comes(dave, 'state', 'unregistered'), alice.signOut()]);
  });
});
