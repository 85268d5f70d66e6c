// SPDX-License-Identifier: GPL-2.0-or-later
// What wwsf.js does, for a site whose users sign in at an OpenID provider: code flow with PKCE (RFC 7636, RFC 8252 and
// the browser profile of OAuth), an access token for IMS (RFC 8707), a fresh one by refresh token. The site's server
// sees neither password nor token.
import * as oauth from '/vendor/oauth.js';
import { NotSignedIn } from './not-signed-in.js';

const REQUEST = 'openid-request'; // what the answer of the provider is checked against
const SESSION = 'openid-session'; // in sessionStorage: this tab's, and gone with it
const redirectUri = `${location.origin}/`;
const publicClient = oauth.None();

/** A button leads to the provider. */
export const signsInBy = 'redirect';

const load = (name) => JSON.parse(sessionStorage.getItem(name));
const store = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

async function discover() {
  const settings = await (await fetch('openid.json')).json();
  const issuer = new URL(settings.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
  return { settings, server, client: { client_id: settings.client_id } };
}

let discovered = null;

/** {settings, server, client}, once; what failed is tried again. */
function provider() {
  discovered ??= discover().catch((error) => {
    discovered = null;
    throw error;
  });
  return discovered;
}

/** Leaves the page; it is loaded again with the provider's answer in its address. */
export async function signIn() {
  const { settings, server, client } = await provider();
  const request = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  store(REQUEST, request);
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    ...client,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: `openid ${settings.scope}`,
    resource: settings.resource,
    state: request.state,
    nonce: request.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(request.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(url);
  await new Promise(() => {});
}

/** Takes the provider's answer out of the address, before a reload could use it twice. */
async function finishSignIn() {
  const { server, client } = await provider();
  const answer = new URL(location);
  const request = load(REQUEST);
  sessionStorage.removeItem(REQUEST);
  history.replaceState(null, '', redirectUri);
  if (!request) throw new Error('no sign-in was under way in this tab');
  const params = oauth.validateAuthResponse(server, client, answer, request.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, publicClient, params, redirectUri, request.verifier,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: request.nonce, requireIdToken: true,
  });
  const { name, sub, impi, impu } = oauth.getValidatedIdTokenClaims(tokens);
  store(SESSION, {
    user: sub, name: name ?? sub, impi, impus: [impu].flat(), idToken: tokens.id_token, refreshToken: tokens.refresh_token,
  });
}

/** {user, name, impi, impus, domain, wss_urls}, or null if nobody is signed in. */
export async function getSession() {
  if (new URLSearchParams(location.search).has('state')) await finishSignIn();
  const session = load(SESSION);
  if (!session) return null;
  const { settings: { domain, wss_urls } } = await provider();
  const { user, name, impi, impus } = session;
  return { user, name, impi, impus, domain, wss_urls };
}

/** A fresh access token for each call: {token, expiresIn (seconds)}; throws NotSignedIn. */
export async function getToken() {
  const session = load(SESSION);
  if (!session) throw new NotSignedIn();
  const { server, client } = await provider();
  try {
    const response = await oauth.refreshTokenGrantRequest(server, client, publicClient, session.refreshToken);
    const tokens = await oauth.processRefreshTokenResponse(server, client, response);
    // A refresh token serves once: its successor came with the answer. So did an ID token, signed by today's key.
    const { refresh_token: refreshToken = session.refreshToken, id_token: idToken = session.idToken } = tokens;
    store(SESSION, { ...session, refreshToken, idToken });
    return { token: tokens.access_token, expiresIn: tokens.expires_in };
  } catch (error) {
    if (error.error !== 'invalid_grant') throw error;
    sessionStorage.removeItem(SESSION);
    throw new NotSignedIn();
  }
}

/** Takes the tokens back, and leads to where the user signs out of the provider. */
export async function signOut() {
  const session = load(SESSION);
  sessionStorage.removeItem(SESSION);
  if (!session) return;
  const { server, client } = await provider();
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, publicClient, session.refreshToken),
  );
  const url = new URL(server.end_session_endpoint);
  url.search = new URLSearchParams({ id_token_hint: session.idToken, post_logout_redirect_uri: redirectUri });
  location.assign(url);
  await new Promise(() => {});
}
