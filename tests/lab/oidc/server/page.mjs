// SPDX-License-Identifier: GPL-2.0-or-later
// The provider's own pages: plain HTML, no script.

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const STYLE = `
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 12vh auto; padding: 0 1rem; color: #1d2733; }
  main { border: 1px solid #ccd4dd; border-radius: .5rem; padding: 1.5rem; }
  h1 { font-size: 1.25rem; margin: 0 0 1rem; }
  label { display: block; margin-top: .75rem; }
  input { width: 100%; box-sizing: border-box; font: inherit; padding: .4rem; }
  button { font: inherit; margin-top: 1.25rem; padding: .5rem 1.25rem; color: #fff; background: #0b5cad; border: 0;
    border-radius: .3rem; cursor: pointer; }
  .error { color: #a4161a; min-height: 1.5em; margin: .75rem 0 0; }`;

const document = (title, body) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)}</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    <h1>${escape(title)}</h1>
    ${body}
  </main>
</body>
</html>
`;

export const signIn = (client, wrong) => document('Sign in at the provider', `
    <form method="post">
      <p>to use <strong>${escape(client)}</strong></p>
      <label for="user">User</label>
      <input id="user" name="user" autocomplete="username" autocapitalize="none" required autofocus>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required>
      <p class="error" role="alert">${wrong ? 'User or password is wrong.' : ''}</p>
      <button type="submit">Sign in</button>
    </form>`);

/** `form`: oidc-provider's own, to be sent by a button. */
export const logout = (form) => document('Sign out at the provider', `
    ${form}
    <button form="op.logoutForm" name="logout" value="yes" type="submit">Sign out</button>`);

export const error = (name, why) => document('This did not work', `
    <p>${escape(why || name)}</p>`);
