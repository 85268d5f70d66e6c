// SPDX-License-Identifier: GPL-2.0-or-later
// The WWSF's HTTP interface, as the page uses it: the site signs users in itself. wwsf-openid.js is the same for a
// site that leaves this to an OpenID provider.
import { NotSignedIn } from './not-signed-in.js';

/** The page asks for user and password. */
export const signsInBy = 'password';

async function request(method, path, body) {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  const { error } = await response.json().catch(() => ({ error: `http_${response.status}` }));
  if (error === 'not_signed_in') throw new NotSignedIn();
  throw new Error(error);
}

/** {user, name, sub, impi, impus, domain, wss_urls}, or null if nobody is signed in. */
export const getSession = () => request('GET', '/session');
export const signIn = (user, password) => request('POST', '/sign-in', { user, password });
export const signOut = () => request('POST', '/sign-out');

/** A fresh access token for each call: {token, expiresIn (seconds)}; throws NotSignedIn. */
export async function getToken() {
  const { access_token: token, expires_in: expiresIn } = await request('POST', '/token');
  return { token, expiresIn };
}
