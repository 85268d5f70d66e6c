// SPDX-License-Identifier: GPL-2.0-or-later
// The provider's signing keys, ES256. A rotation has three steps, as for any provider: a new key is published, so
// that whoever checks tokens can learn it; then tokens are signed with it; then the old one is withdrawn.
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const KEYS_MAX = 4;

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

export class SigningKeys {
  #keys = [newKey()]; // the first one signs
  #changed;

  /** `changed(jwks)`: called after each step, with private keys. */
  constructor(changed) {
    this.#changed = changed;
    this.#apply();
  }

  /** {signs: kid, published: [kid...]} */
  get state() {
    return { signs: this.#keys[0].kid, published: this.#keys.map(({ kid }) => kid) };
  }

  publish() {
    if (this.#keys.length === KEYS_MAX) throw new Error(`there are ${KEYS_MAX} keys already`);
    this.#keys.push(newKey());
    this.#apply();
  }

  /** From now on the newest key signs; the others stay published. */
  use() {
    this.#keys.unshift(this.#keys.pop());
    this.#apply();
  }

  /** Withdraws all but the key that signs. */
  withdraw() {
    this.#keys.length = 1;
    this.#apply();
  }

  #apply() {
    this.#changed({ keys: this.#keys.map((key) => ({ ...key })) });
  }
}
