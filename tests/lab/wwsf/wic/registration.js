// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps one registration alive, whichever SIP library sends it: a fresh token for each REGISTER, a renewal
// before the token ends, and a new registration when the connection comes back. The tokens are short-lived:
// 3GPP TS 23.228 U.2.1.3 lets the WIC repeat the steps to refresh.

const RENEW_AT = 0.75; // of the token's life
const RETRY_S = [5, 10, 20, 40, 60];
const REFUSALS = {
  invalid_token: 'the token was not accepted',
  invalid_scope: 'the token does not cover access to IMS',
};

function reasonOf({ code, phrase, bearerError }) {
  if (!code) return phrase;
  const why = REFUSALS[bearerError];
  return `${code} ${phrase}${why ? `: ${why}` : ''}`;
}

/**
 * `getToken`: async () => ({token, expiresIn});  `send`: async (token) => ({code, phrase, bearerError, retryAfter}),
 * code 0 if no answer came.  `onState`: (state, reason), state one of registering, registered, failed (tries again
 * by itself), refused (does not), signed-out (getToken threw an error named NotSignedIn).
 */
export class Registration {
  #getToken;
  #send;
  #onState;
  #timer = null;
  #failures = 0;
  #busy = false;
  #connected = false;
  #again = false;

  constructor({ getToken, send, onState }) {
    this.#getToken = getToken;
    this.#send = send;
    this.#onState = onState;
  }

  connected() {
    this.#connected = true;
    this.renew();
  }

  lost() {
    this.#connected = false;
    this.#after(null);
  }

  stop() {
    this.lost();
  }

  /** Registers with a fresh token on the present connection. One at a time: a call during another follows it. */
  async renew() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      await this.#once();
    } while (this.#again && this.#connected);
    this.#busy = false;
  }

  async #once() {
    this.#after(null);
    this.#onState('registering', '');
    try {
      const { token, expiresIn } = await this.#getToken();
      if (this.#connected) this.#outcome(await this.#send(token), expiresIn);
    } catch (error) {
      // No token, or nothing could be sent: the next try may do better, but not without a sign-in.
      if (error.name === 'NotSignedIn') this.#onState('signed-out', '');
      else if (this.#connected) this.#failed(error.message, 0);
    }
  }

  #outcome(answer, expiresIn) {
    if (!this.#connected) return;
    const { code, retryAfter } = answer;
    if (code >= 200 && code < 300) {
      this.#failures = 0;
      this.#after(expiresIn * RENEW_AT);
      this.#onState('registered', '');
    } else if (code >= 400 && code < 500 && code !== 408 && code !== 480) {
      this.#onState('refused', reasonOf(answer));
    } else {
      this.#failed(reasonOf(answer), retryAfter);
    }
  }

  #failed(reason, retryAfter) {
    const wait = Math.max(retryAfter, RETRY_S[Math.min(this.#failures, RETRY_S.length - 1)]);
    this.#failures += 1;
    this.#after(wait);
    this.#onState('failed', `${reason}; next try in ${wait} s`);
  }

  #after(seconds) {
    clearTimeout(this.#timer);
    this.#timer = seconds === null ? null : setTimeout(() => this.renew(), seconds * 1000);
  }
}
