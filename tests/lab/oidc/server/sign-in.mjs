// SPDX-License-Identifier: GPL-2.0-or-later
// Signing in at the provider: /interaction/UID, GET shows the form, POST takes it.
import * as page from './page.mjs';

const BODY_MAX = 4096;

class TooLong extends Error {}

async function form(req) {
  let body = '';
  for await (const chunk of req) {
    body += chunk;
    if (body.length > BODY_MAX) throw new TooLong();
  }
  return new URLSearchParams(body);
}

function send(res, status, html) {
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    // No form-action: the browser would apply it to the redirects that lead back to the site.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  res.end(html);
}

/** `provider()`: the provider of the moment. */
export function signInHandler(provider, users, log) {
  async function handle(req, res) {
    const { params: { client_id: client } } = await provider().interactionDetails(req, res);
    if (req.method !== 'POST') return send(res, 200, page.signIn(client, false));
    const fields = await form(req);
    const user = await users.verify(fields.get('user'), fields.get('password'));
    if (!user) {
      log('sign-in refused');
      return send(res, 401, page.signIn(client, true));
    }
    log(`signed in ${user.user}`);
    return provider().interactionFinished(req, res, { login: { accountId: user.sub } });
  }

  return async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      const late = error.name === 'SessionNotFound';
      if (!late && !(error instanceof TooLong)) log(`error in sign-in: ${error.message}`);
      send(res, error instanceof TooLong ? 413 : 400, page.error('sign-in', late ? 'This took too long.' : ''));
    }
  };
}
