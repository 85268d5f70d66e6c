// SPDX-License-Identifier: GPL-2.0-or-later
// What the browser checks share: Chromium on loopback, a signed-in WIC page, bounded waits, progress lines.
// Settings from the environment: WWSF_URL, TLS_CERT (to trust just that certificate), OUT_DIR, CHROMIUM.
import { X509Certificate, createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const WAIT_MS = 20_000;
const POLL_MS = 100;

function setting(name, fallback) {
  const value = process.env[name] || fallback;
  if (!value) {
    console.error(`${name} is not set (a running lab's env file has it)`);
    process.exit(2);
  }
  return value;
}

/** What others dial to reach this user. */
export const identity = (user) => process.env[`${user.toUpperCase()}_IDENTITY`] || user;

export const settings = () => ({
  url: setting('WWSF_URL').replace(/\/$/, ''),
  cert: setting('TLS_CERT'),
  out: setting('OUT_DIR'),
  chromium: setting('CHROMIUM', '/usr/bin/chromium'),
});

/** The certificate's public key as Chromium's --ignore-certificate-errors-spki-list wants it. */
function spkiHash(certFile) {
  const spki = new X509Certificate(readFileSync(certFile)).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

export async function launch({ chromium: executablePath, cert }) {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--ignore-certificate-errors-spki-list=${spkiHash(cert)}`,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // On a machine with only loopback ICE would find no candidate, and mDNS names would not resolve.
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Polls `probe` until it gives something true; says `what` when it never did. */
export async function until(what, probe, limit = WAIT_MS) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${limit / 1000} s: ${what}`);
    await sleep(POLL_MS);
  }
}

/** Runs steps one after the other, each with a line; the first that fails ends the run. */
export class Check {
  #started = Date.now();
  #count = 0;

  async step(name, action) {
    const result = await action();
    this.#count += 1;
    console.log(`ok ${this.#count} - ${name} (${((Date.now() - this.#started) / 1000).toFixed(1)} s)`);
    return result;
  }

  async run(name, body) {
    const options = settings();
    mkdirSync(options.out, { recursive: true });
    const browser = await launch(options);
    const pages = [];
    try {
      await body({
        ...options,
        open: (...args) => open(browser, options, pages, ...args),
        tab: (wic, path) => visit(wic.page.context(), options, pages, `${wic.user}-tab`, path),
      });
      console.log(`${name}: all ${this.#count} steps passed`);
    } catch (error) {
      console.log(`not ok ${this.#count + 1} - ${error.message.split('\n')[0]}`);
      for (const wic of pages) await wic.shot('failed').catch(() => {});
      process.exitCode = 1;
    } finally {
      await browser.close();
    }
  }
}

/** The WIC page for `user` in a context of its own; `scripts` run in the page before the page's own. */
async function open(browser, { url, out }, pages, user, path = '/', ...scripts) {
  const context = await browser.newContext({ permissions: ['microphone'], viewport: { width: 1000, height: 820 } });
  return visit(context, { url, out }, pages, user, path, ...scripts);
}

/** Another page in a context: a tab beside those that are there, with their session at the web site. */
async function visit(context, { url, out }, pages, user, path, ...scripts) {
  const page = await context.newPage();
  const log = join(out, `console-${user}.log`);
  page.on('console', (message) => appendFileSync(log, `${message.type()}: ${message.text()}\n`));
  page.on('pageerror', (error) => appendFileSync(log, `pageerror: ${error.message}\n`));
  page.setDefaultTimeout(WAIT_MS);
  for (const script of scripts) await page.addInitScript(script);
  await page.goto(url + path);
  const wic = new Wic(page, user, out);
  pages.push(wic);
  return wic;
}

/** One browser context with the WIC page in it. */
export class Wic {
  constructor(page, user, out) {
    this.page = page;
    this.user = user;
    this.out = out;
  }

  /** In the page's own form, or at the provider that its button leads to. */
  async signIn(password) {
    await this.page.waitForSelector('#sign-in:not([hidden])');
    const elsewhere = this.page.locator('#sign-in-elsewhere');
    if (await elsewhere.isVisible()) {
      await elsewhere.click();
      await this.page.waitForURL('**/interaction/*');
      await this.shot('provider');
    }
    await this.page.fill('#user', this.user);
    await this.page.fill('#password', password);
    await this.page.click('form:has(#password) button');
  }

  async signOut() {
    const elsewhere = await this.page.locator('#sign-in-elsewhere').evaluate((button) => !button.hidden);
    await this.page.click('#sign-out');
    if (elsewhere) await this.page.click('button[name=logout]'); // the provider asks
    await this.page.waitForSelector('#sign-in:not([hidden])');
  }

  registrationState() {
    return this.page.getAttribute('#registration', 'data-state');
  }

  async registration(state) {
    await until(`${this.user}: registration ${state}`, async () => (await this.registrationState()) === state)
      .catch(async (error) => {
        const now = await this.page.innerText('#registration');
        throw new Error(`${error.message}; it is: ${now.replace(/\s+/g, ' ').trim()}`);
      });
  }

  async callState(state) {
    await this.page.waitForSelector(`#call[data-state="${state}"]`)
      .catch(async () => { throw new Error(`${this.user}: call not ${state}: ${await this.page.textContent('#call-state')}`); });
  }

  async call(target) {
    await this.page.fill('#target', target);
    await this.page.click('#call-button');
  }

  /** Audio RTP packets that have arrived so far. */
  packetsReceived() {
    return this.page.evaluate(async () => {
      const stats = await globalThis.wic.phone.peerConnection?.getStats();
      let packets = 0;
      stats?.forEach((entry) => {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio') packets += entry.packetsReceived;
      });
      return packets;
    });
  }

  /** Waits until `more` further packets have arrived; gives the count. */
  async audio(more = 50) {
    const before = await this.packetsReceived();
    return until(`${this.user}: ${more} audio packets`, async () => {
      const now = await this.packetsReceived();
      return now >= before + more && now;
    });
  }

  /** The SIP log, a line a message. */
  sipLog() {
    return this.page.locator('#sip-log li').allTextContents();
  }

  /** REGISTERs that left the page. */
  async registersSent() {
    return (await this.sipLog()).filter((line) => / → REGISTER /.test(line)).length;
  }

  /** Final answers to them whose first digit is one of `classes`. */
  async registersAnswered(classes = '2') {
    const answer = new RegExp(` ← SIP/2\\.0 [${classes}].*REGISTER\\]`);
    return (await this.sipLog()).filter((line) => answer.test(line)).length;
  }

  async shot(name) {
    await this.page.screenshot({ path: join(this.out, `${this.user}-${name}.png`) });
  }
}

/** `caller` calls `callee`, whose user is `target`; audio arrives on both sides. */
export async function callUp(caller, callee, target) {
  await caller.call(target);
  await callee.callState('incoming');
  await callee.page.click('#accept');
  await Promise.all([caller.callState('active'), callee.callState('active')]);
  await Promise.all([caller.audio(25), callee.audio(25)]);
}

export async function hangUp(one, other) {
  await one.page.click('#hang-up');
  await Promise.all([one.callState('ended'), other.callState('ended')]);
}
