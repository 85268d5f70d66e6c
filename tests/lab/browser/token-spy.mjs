// SPDX-License-Identifier: GPL-2.0-or-later
// Stands between a page and the token endpoint of its OpenID provider, from inside the page.

/** To be run in the page before the page's own scripts. */
export function tokenSpy() {
  const ask = globalThis.fetch;
  let last = null;
  let repeat = false;
  let gate = Promise.resolve();
  let open = null;
  let held = 0;
  let swap = false;
  const swapped = (body) => JSON.stringify({ ...JSON.parse(body), access_token: JSON.parse(body).id_token });
  const json = (body) => new Response(body, { headers: { 'Content-Type': 'application/json' } });
  globalThis.fetch = async (resource, options) => {
    if (!String(resource).endsWith('/token')) return ask(resource, options);
    if (repeat) return json(last);
    const response = await ask(resource, options);
    last = await response.clone().text();
    held += 1;
    await gate;
    held -= 1;
    return swap ? json(swapped(last)) : response;
  };
  const header = () => {
    const [first, second] = JSON.parse(last).access_token.split('.');
    return second && JSON.parse(atob(first.replaceAll('-', '+').replaceAll('_', '/')));
  };
  globalThis.tokenSpy = {
    hold: () => { gate = new Promise((resolve) => { open = resolve; }); },
    held: () => held,
    release: () => open(),
    repeat: () => { repeat = true; },
    swap: () => { swap = true; },
    token: () => JSON.parse(last).access_token,
    kid: () => header()?.kid,
  };
}

const call = (name) => (wic) => wic.page.evaluate((member) => globalThis.tokenSpy[member](), name);

/** From now on answers of the token endpoint are kept back, until release(). */
export const hold = call('hold');
/** How many are kept back. */
export const held = call('held');
export const release = call('release');
/** From now on the page gets the last answer again. */
export const repeat = call('repeat');
/** From now on the page takes ID tokens for access tokens. */
export const swap = call('swap');
/** The last access token, and the kid in it if it is a JWT. */
export const token = call('token');
export const kid = call('kid');
