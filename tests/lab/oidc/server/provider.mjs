// SPDX-License-Identifier: GPL-2.0-or-later
// How oidc-provider is configured for access to IMS. What an operator of another provider has to set is the same:
// docs/integrators.md, "A standard OpenID provider".
import { randomBytes } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';

/** What a page asks for with "resource" (RFC 8707): the same API, by tokens of two kinds. */
const RESOURCES = { 'urn:ims:jwt': 'jwt', 'urn:ims:opaque': 'opaque' };

const INTERACTION_TTL = 600;
const CODE_TTL = 60;
const cookieKeys = [randomBytes(32).toString('hex')];

function clients({ clientId, siteOrigins, introspectionId, introspectionSecret }) {
  return [
    {
      client_id: clientId,
      token_endpoint_auth_method: 'none', // a page cannot keep a secret: PKCE instead
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: siteOrigins.map((origin) => `${origin}/`),
      post_logout_redirect_uris: siteOrigins.map((origin) => `${origin}/`),
    },
    {
      client_id: introspectionId,
      client_secret: introspectionSecret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ];
}

function features({ audience, scope, tokenTtl, introspectionId }, logoutPage) {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    revocation: { enabled: true },
    introspection: {
      enabled: true,
      allowedPolicy: (ctx, client) => client.clientId === introspectionId,
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = logoutPage(form); },
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => {
        if (!Object.hasOwn(RESOURCES, resource)) throw new errors.InvalidTarget();
        return {
          scope,
          audience,
          accessTokenTTL: tokenTtl,
          accessTokenFormat: RESOURCES[resource],
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  };
}

/** Signing in at this provider is the consent: the site is the operator's own. */
async function grantForAll(ctx, { scope }) {
  const { client, session, provider } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const old = known && await provider.Grant.find(known);
  if (old) return old;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  for (const resource of Object.keys(RESOURCES)) grant.addResourceScope(resource, scope);
  await grant.save();
  return grant;
}

/** `users`: loadUsers(); `jwks`: with private keys; `page`: see page.mjs. */
export function imsProvider(settings, users, jwks, page) {
  const identities = ({ impi, impus }) => ({ impi, impu: impus });
  return new Provider(settings.issuer, {
    jwks,
    clients: clients(settings),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: features(settings, page.logout),
    scopes: ['openid'],
    claims: { openid: ['sub', 'name', 'impi', 'impu'] },
    conformIdTokenClaims: false, // name and identities into the ID token: there is no userinfo to ask
    responseTypes: ['code'],
    pkce: { methods: ['S256'], required: () => true },
    cookies: { keys: cookieKeys },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, sub) => {
      const user = users.findBySub(sub);
      return user && { accountId: sub, claims: () => ({ sub, name: user.name, ...identities(user) }) };
    },
    loadExistingGrant: (ctx) => grantForAll(ctx, settings),
    extraTokenClaims: (ctx, token) => identities(users.findBySub(token.accountId)),
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    clientBasedCORS: (ctx, origin) => settings.siteOrigins.includes(origin),
    renderError: (ctx, { error, error_description: why }) => { ctx.body = page.error(error, why); },
    ttl: {
      AccessToken: settings.tokenTtl,
      AuthorizationCode: CODE_TTL,
      IdToken: settings.tokenTtl,
      Interaction: INTERACTION_TTL,
      RefreshToken: settings.sessionTtl,
      Session: settings.sessionTtl,
      Grant: settings.sessionTtl,
    },
  });
}
