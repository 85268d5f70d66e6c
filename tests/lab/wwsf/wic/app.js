// SPDX-License-Identifier: GPL-2.0-or-later
// Joins the page (view.js), the WWSF (wwsf.js) and a phone (phone-*.js).
import * as wwsf from './wwsf.js';
import { createView } from './view.js';
import { targetUri } from './target.js';

/** The +sip.instance of this tab (RFC 5626): kept over reloads, so that a reload replaces its own registration. */
function instanceId() {
  let id = sessionStorage.getItem('wic-instance-id');
  if (!id) {
    id = crypto.randomUUID();
    sessionStorage.setItem('wic-instance-id', id);
  }
  return id;
}

class App {
  #Phone;
  #view;
  #phone = null;
  #session = null;
  #urls = [];
  #registered = false;

  constructor(Phone) {
    this.#Phone = Phone;
    this.#view = createView({
      signIn: (user, password) => this.#signIn(user, password),
      signOut: () => this.#signOut(),
      retry: () => this.#open(this.#session),
      call: (text) => this.#call(text),
      accept: () => this.#phone.accept(),
      reject: () => this.#phone.reject(),
      hangUp: () => this.#phone.hangUp(),
      tone: (tone) => this.#phone.sendTone(tone),
      mute: (muted) => this.#phone.setMuted(muted),
      hold: (held) => this.#phone.setHeld(held),
    });
    this.#view.library(Phone.library);
    this.#view.signsInBy(wwsf.signsInBy);
  }

  get phone() {
    return this.#phone;
  }

  async resume() {
    try {
      const session = await wwsf.getSession();
      if (session) this.#open(session);
      else this.#view.showSignIn('');
    } catch (error) {
      this.#view.showSignIn(error.message);
    }
  }

  async #signIn(user, password) {
    try {
      await wwsf.signIn(user, password);
      this.#open(await wwsf.getSession());
    } catch (error) {
      this.#view.showSignIn(error.message);
    }
  }

  async #signOut() {
    await this.#phone?.stop();
    this.#phone = null;
    await wwsf.signOut().catch(() => {});
    this.#view.showSignIn('');
  }

  #open(session) {
    this.#session = session;
    this.#urls = [...session.wss_urls];
    this.#view.showPhone(session);
    this.#start();
  }

  #start() {
    const { name, sub, domain, impus } = this.#session;
    // Who has no IMPU yet registers as the user that the token names.
    const impu = impus[0] ?? `sip:${encodeURIComponent(sub)}@${domain}`;
    this.#phone = new this.#Phone({
      wssUrl: this.#urls[0],
      impu,
      name,
      instanceId: instanceId(),
      getToken: wwsf.getToken,
      on: {
        registration: (state, reason) => this.#registration(state, reason),
        impu: (own) => this.#view.identity(name, own),
        call: (state, peer, reason) => this.#view.call(state, peer, reason),
        media: (stream) => this.#view.media(stream),
        sip: (message) => this.#view.sip(message),
      },
    });
    this.#phone.start();
  }

  async #registration(state, reason) {
    // A renewal that is under way takes nothing away.
    this.#registered = state === 'registered' || (this.#registered && state === 'registering');
    if (state === 'signed-out') {
      await this.#signOut();
    } else if (state === 'unreachable' && this.#urls.length > 1) {
      this.#urls.shift();
      await this.#phone.stop();
      this.#start();
    } else {
      this.#view.registration(state, reason, this.#urls[0]);
    }
  }

  #call(text) {
    const uri = targetUri(text, this.#session.domain);
    if (!this.#registered) this.#view.cannotCall('Not registered.');
    else if (!uri) this.#view.cannotCall('Give a name, a number or a SIP address.');
    else this.#phone.call(uri);
  }
}

/** `wic` is global for the browser's console and the headless checks. */
export function startApp(Phone) {
  globalThis.wic = new App(Phone);
  globalThis.wic.resume();
}
